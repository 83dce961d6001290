import FoundationEssentials
import GoldcrestCryptography
import GoldcrestHTTPClient
import Logging
import ServiceLifecycle
import Synchronization

/// The keys that tokens are verified with, from the documents that the configuration names.
///
/// The documents are read at the start, every ten minutes, and when a token names a key that is not known. A document that cannot be read
/// leaves the keys as they are that it gave before.
final class KeyStore: Service {
    /// When the documents are read.
    struct Schedule: Sendable {
        /// Between two readings that unknown keys cause. Anyone can send tokens with made-up keys.
        var unknownKeyInterval: TimeInterval = 30
        /// Between two readings without cause, so that withdrawn keys go.
        var interval: Duration = .seconds(600)
        /// After a failed reading; doubled with every further one.
        var firstRetry: Duration = .seconds(1)
        var lastRetry: Duration = .seconds(60)
    }

    private let sources: [String]
    private let defaultAlgorithm: String?
    private let documents: any KeyDocumentSource
    private let schedule: Schedule
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    private struct State {
        /// By the place of the source in the list.
        var sets: [Int: KeySet] = [:]
        var keys: [VerificationKey] = []
        var version = 0
        var lastRefreshForUnknownKey: Date?
        /// The reading that runs; true when every document could be read.
        var refresh: Task<Bool, Never>?
    }

    private struct KeySet {
        let document: [UInt8]
        let keys: [VerificationKey]
    }

    convenience init(sources: [String], defaultAlgorithm: String?, client: HTTPClient, logger: Logger) {
        self.init(sources: sources, defaultAlgorithm: defaultAlgorithm, documents: KeyDocuments(client: client), logger: logger)
    }

    /// - Parameters:
    ///   - sources: The URLs or paths of the documents.
    ///   - defaultAlgorithm: See ``JSONWebKeySet``.
    ///   - now: The clock.
    init(
        sources: [String], defaultAlgorithm: String?, documents: any KeyDocumentSource, schedule: Schedule = Schedule(), logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.sources = sources
        self.defaultAlgorithm = defaultAlgorithm
        self.documents = documents
        self.schedule = schedule
        self.logger = logger
        self.now = now
    }

    var hasKeys: Bool { state.withLock { !$0.keys.isEmpty } }

    /// Changes whenever the keys do.
    var version: Int { state.withLock { $0.version } }

    /// The keys that a token may be signed with that names its key so.
    func keys(for identity: KeyIdentity) -> [VerificationKey] {
        state.withLock { $0.keys }.filter(identity.matches)
    }

    /// Keeps the keys fresh until the process shuts down. Tokens can be verified as soon as the first document is read.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            var retry = self.schedule.firstRetry
            while !Task.isCancelled {
                let isComplete = await self.refresh()
                try? await Task.sleep(for: isComplete ? self.schedule.interval : retry)
                retry = isComplete ? self.schedule.firstRetry : min(retry * 2, self.schedule.lastRetry)
            }
        }
    }

    /// Reads the documents because a token names a key that is not among those read, unless that was done a short while ago. Who calls while they
    /// are being read waits for that reading.
    func refreshForUnknownKey() async {
        let now = now()
        let refresh = state.withLock { state -> Task<Bool, Never>? in
            if let running = state.refresh { return running }
            if let last = state.lastRefreshForUnknownKey {
                let age = now.timeIntervalSince(last)
                // A clock that was set back must not forbid it for long.
                guard age >= schedule.unknownKeyInterval || age < 0 else { return nil }
            }
            state.lastRefreshForUnknownKey = now
            return beginRefresh(&state)
        }
        _ = await refresh?.value
    }

    /// - Returns: Whether every document could be read.
    func refresh() async -> Bool {
        await state.withLock { $0.refresh ?? beginRefresh(&$0) }.value
    }

    /// The reading is a task of its own, because a caller that is cancelled must not take it away from the others. It ends by the deadline of
    /// its downloads.
    private func beginRefresh(_ state: inout State) -> Task<Bool, Never> {
        let task = Task {
            let isComplete = await readAll()
            self.state.withLock { $0.refresh = nil }
            return isComplete
        }
        state.refresh = task
        return task
    }

    private func readAll() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for index in sources.indices {
                group.addTask { await self.read(index) }
            }
            return await group.reduce(true) { $0 && $1 }
        }
    }

    private func read(_ index: Int) async -> Bool {
        let source = sources[index]
        do {
            let document = try await documents.document(at: source)
            if state.withLock({ $0.sets[index]?.document == document }) { return true }
            let set = try JSONWebKeySet(parsing: document, defaultAlgorithm: defaultAlgorithm)
            state.withLock { state in
                state.sets[index] = KeySet(document: document, keys: set.keys)
                state.keys = state.sets.sorted { $0.key < $1.key }.flatMap(\.value.keys)
                state.version += 1
            }
            logger.info(
                "token keys read",
                metadata: [
                    "keys.source": "\(Self.withoutCredentials(source))", "keys.count": "\(set.keys.count)",
                    "keys.skipped": "\(set.skipped.joined(separator: "; "))",
                ])
            return true
        } catch {
            logger.warning(
                "token keys cannot be read",
                metadata: ["keys.source": "\(Self.withoutCredentials(source))", "error": "\(error)"])
            return false
        }
    }

    /// A URL as it may get into a log: without user, password, query and fragment.
    private static func withoutCredentials(_ source: String) -> String {
        guard var components = URLComponents(string: source), components.scheme != nil else { return source }
        components.user = nil
        components.password = nil
        components.query = nil
        components.fragment = nil
        return components.string ?? "a URL"
    }
}
