/// Lets those who read the same at the same time share one reading.
///
/// A reader who comes while the same is being read waits for the *next* reading, together with all who come until that begins. So an answer is
/// never older than its question, one reading at a time runs for a key however many ask, and nothing is kept. Readings of one key may be about
/// several items, such as the ids of jobs: one reading then answers for the items of all its readers.
///
/// An error is the answer of all who share it. A reader whose task is cancelled leaves at once without disturbing the others; a reading that
/// all have left is cancelled. How long a reader waits at most is up to the readings: twice as long as one may take.
actor SharedReads<Key: Hashable & Sendable, Item: Hashable & Sendable, Answer: Sendable> {
    typealias Read = @Sendable (Set<Item>) async throws -> Answer
    private typealias Ticket = UInt64

    private struct Reading {
        var items: Set<Item> = []
        /// The one of the last who came: what it carries, such as a token, holds longest.
        var read: Read
        var readers: [Ticket: CheckedContinuation<Answer, any Error>] = [:]
    }

    /// The readings of one key.
    private struct Line {
        enum State {
            case reading(Reading, since: ContinuousClock.Instant, Task<Void, Never>)
            /// After a reading that several shared, until so many wait for the next one, or until the task is done.
            case resting(until: Int, Task<Void, Never>)
        }

        var state: State
        var next: Reading?
    }

    /// The part of a reading's duration that a line rests at most after a reading that several shared. They are about to come again, all within
    /// a moment: without a rest the first of them would get a reading of its own and the others the one after, or, once there are two groups of
    /// them, each would always wait for the other's reading to end.
    private let restShare: Double
    /// The longest rest.
    private let longestRest: Duration
    private var lines: [Key: Line] = [:]
    private var lastTicket: Ticket = 0

    init(restShare: Double = 0.25, longestRest: Duration = .milliseconds(250)) {
        self.restShare = restShare
        self.longestRest = longestRest
    }

    /// Reads, or joins the reading of others.
    ///
    /// - Parameters:
    ///   - item: What of all that a reading of `key` can tell is wanted.
    ///   - key: Which readings may be shared.
    ///   - read: Makes the answer for some items. It runs at most once, and not at all if somebody else's does.
    /// - Throws: What the reading throws; `CancellationError`.
    func answer(about item: Item, of key: Key, read: @escaping Read) async throws -> Answer {
        lastTicket += 1
        let ticket = lastTicket
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                join(key, ticket, item, read, continuation)
            }
        } onCancel: {
            Task { await leave(key, ticket) }
        }
    }

    private func join(_ key: Key, _ ticket: Ticket, _ item: Item, _ read: @escaping Read, _ reader: CheckedContinuation<Answer, any Error>) {
        var reading = lines[key]?.next ?? Reading(read: read)
        reading.items.insert(item)
        reading.read = read
        reading.readers[ticket] = reader
        guard let line = lines[key] else { return begin(reading, of: key) }
        lines[key]?.next = reading
        if case .resting(let crowd, let rest) = line.state, reading.readers.count >= crowd {
            goOn(key)
            rest.cancel()
        }
    }

    private func leave(_ key: Key, _ ticket: Ticket) {
        guard let line = lines[key] else { return }
        if let reader = lines[key]?.next?.readers.removeValue(forKey: ticket) {
            reader.resume(throwing: CancellationError())
            if lines[key]?.next?.readers.isEmpty == true { lines[key]?.next = nil }
        } else if case .reading(var reading, let since, let task) = line.state, let reader = reading.readers.removeValue(forKey: ticket) {
            reader.resume(throwing: CancellationError())
            if reading.readers.isEmpty { task.cancel() }
            lines[key]?.state = .reading(reading, since: since, task)
        }
    }

    /// Its task belongs to no reader, since it outlives each of them that leaves; the last one's leaving ends it.
    private func begin(_ reading: Reading, of key: Key) {
        let (read, items) = (reading.read, reading.items)
        let task = Task {
            do {
                end(key, .success(try await read(items)))
            } catch {
                end(key, .failure(error))
            }
        }
        lines[key] = Line(state: .reading(reading, since: .now, task))
    }

    private func end(_ key: Key, _ result: Result<Answer, any Error>) {
        guard let line = lines[key], case .reading(let reading, let since, _) = line.state else { return }
        for reader in reading.readers.values { reader.resume(with: result) }
        guard reading.readers.count > 1 else { return goOn(key) }
        let crowd = reading.readers.count + (line.next?.readers.count ?? 0)
        let rest = min((ContinuousClock.now - since) * restShare, longestRest)
        let task = Task {
            try? await Task.sleep(for: rest)
            // When the crowd was complete before, the next reading has begun already.
            if case .resting = lines[key]?.state { goOn(key) }
        }
        lines[key]?.state = .resting(until: crowd, task)
    }

    private func goOn(_ key: Key) {
        guard let next = lines[key]?.next else {
            lines[key] = nil
            return
        }
        begin(next, of: key)
    }

    /// How many wait for a reading, those of the current one included.
    func readerCount(of key: Key) -> Int {
        guard let line = lines[key] else { return 0 }
        let waiting = line.next?.readers.count ?? 0
        guard case .reading(let reading, _, _) = line.state else { return waiting }
        return waiting + reading.readers.count
    }
}

extension SharedReads where Item == Never? {
    /// The same where a reading is about all that its key says.
    func answer(of key: Key, read: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        try await answer(about: nil, of: key) { _ in try await read() }
    }
}
