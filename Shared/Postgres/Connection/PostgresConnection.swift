import Dispatch
import Synchronization

/// A connection to the server. One command at a time; everything waits without blocking a thread.
actor PostgresConnection {
    /// The connection was found dead before anything was sent, so trying another one is safe.
    struct LostBeforeUse: Error {}

    /// A command to run.
    enum Command: Sendable {
        case statement(String, [String?])
        /// One or several statements without parameters.
        case script(String)

        init(_ sql: SQL) throws {
            let (text, parameters) = try sql.rendered()
            self = .statement(text, parameters)
        }
    }

    /// Why a wait ended without the server's answer.
    private enum Interruption: Error {
        case deadlinePassed
        case cancelled
    }

    /// The time that cleaning up after a deadline or a cancellation may take before the connection is given up.
    private static let settlingTime = Duration.seconds(2)

    private let executor = QueueExecutor(label: "goldcrest.postgres.connection")
    private let handle: ConnectionHandle
    private let lives = Atomic<Bool>(true)
    private let isBetweenTransactions = Atomic<Bool>(true)
    private var isRunning = false
    private var currentTransaction = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The next command may run here: the connection is alive and in no transaction.
    nonisolated var isReusable: Bool {
        lives.load(ordering: .acquiring) && isBetweenTransactions.load(ordering: .acquiring)
    }

    private init(handle: sending ConnectionHandle) {
        self.handle = handle
    }

    // MARK: - Opening

    /// Connects, logs in and prepares the session.
    ///
    /// - Throws: ``PostgresError`` with code `connectionFailed` or `timedOut`, `cancelled` when the task was cancelled.
    static func open(_ endpoint: PostgresEndpoint, until deadline: ContinuousClock.Instant) async throws -> PostgresConnection {
        try endpoint.validate()
        let connection = try await started(endpoint, until: deadline)
        try await connection.connect(to: endpoint, until: deadline)
        return connection
    }

    private enum Start: Sendable {
        case started(PostgresConnection)
        case outOfMemory
        case interrupted(Interruption)
    }

    /// `PQconnectStartParams` looks the host's name up, which may take its time: not on a thread of the cooperative pool. A look-up that takes too
    /// long goes on for nobody; what it leads to is closed at once.
    private static func started(_ endpoint: PostgresEndpoint, until deadline: ContinuousClock.Instant) async throws -> PostgresConnection {
        let start = OneShot<Start>()
        QueueExecutor(label: "goldcrest.postgres.resolve").queue.async {
            guard let handle = ConnectionHandle.start(endpoint) else {
                start.settle(.outOfMemory)
                return
            }
            start.settle(.started(PostgresConnection(handle: handle)))
        }
        let timer = DeadlineTimer(at: deadline) { start.settle(.interrupted(.deadlinePassed)) }
        let outcome = await withTaskCancellationHandler {
            await start.value()
        } onCancel: {
            start.settle(.interrupted(.cancelled))
        }
        withExtendedLifetime(timer) {}
        switch outcome {
        case .started(let connection): return connection
        case .outOfMemory: throw PostgresError(.connectionFailed, "There is no memory for a connection to the database.")
        case .interrupted(let interruption): throw error(for: interruption, "connecting to \(endpoint)")
        }
    }

    private func connect(to endpoint: PostgresEndpoint, until deadline: ContinuousClock.Instant) async throws {
        do {
            guard !handle.isBad else { throw refusal(by: endpoint) }
            // "Behave as if PQconnectPoll last returned PGRES_POLLING_WRITING" (libpq, Database Connection Control Functions).
            var step = ConnectionHandle.ConnectingStep.wantsToWrite
            while step != .connected {
                switch step {
                case .wantsToRead: try await ready(for: .reading, until: deadline)
                case .wantsToWrite: try await ready(for: .writing, until: deadline)
                case .connected, .failed: throw refusal(by: endpoint)
                }
                step = handle.continueConnecting()
            }
            guard handle.stopBlocking() else { throw refusal(by: endpoint) }
        } catch let interruption as Interruption {
            lives.store(false, ordering: .releasing)
            throw Self.error(for: interruption, "connecting to \(endpoint)")
        }
        // The formats that the decoders read, and an end to transactions that a lost service left open.
        let session: SQL = """
            SELECT set_config('DateStyle', 'ISO, YMD', false), set_config('TimeZone', 'UTC', false), set_config('bytea_output', 'hex', false),
                set_config('extra_float_digits', '1', false), set_config('client_min_messages', 'warning', false),
                set_config('idle_in_transaction_session_timeout', '60s', false)
            """
        _ = try await run(Command(session), until: deadline)
    }

    private func refusal(by endpoint: PostgresEndpoint) -> PostgresError {
        lives.store(false, ordering: .releasing)
        return PostgresError(
            .connectionFailed, "The database at \(endpoint) cannot be reached: \(handle.errorMessage)",
            hint: "See that it runs and that DATABASE_URL names its host, port, user and password.")
    }

    // MARK: - Running commands

    /// Sends a command and gathers its answer; of several statements the last one's.
    ///
    /// When the deadline passes or the task is cancelled, the server is asked to stop the command; after its answer the connection can be used
    /// again, without one it is given up.
    ///
    /// - Parameter isShielded: The command runs in a cancelled task too, as `ROLLBACK` must.
    /// - Throws: ``PostgresError``, or ``LostBeforeUse``.
    func run(_ command: Command, until deadline: ContinuousClock.Instant, isShielded: Bool = false) async throws -> PostgresResult {
        guard !isRunning else {
            throw PostgresError(.misuse, "A second statement began in a transaction before the first had ended.", hint: "Await one after the other.")
        }
        isRunning = true
        defer {
            isRunning = false
            isBetweenTransactions.store(handle.isIdle, ordering: .releasing)
            if handle.isBad { lives.store(false, ordering: .releasing) }
        }
        if !isShielded && Task.isCancelled { throw Self.error(for: .cancelled, "a statement") }
        if deadline <= .now { throw Self.error(for: .deadlinePassed, "a statement") }
        guard isAlive() else { throw LostBeforeUse() }

        let isSent =
            switch command {
            case .statement(let text, let parameters): handle.send(text, parameters: parameters)
            case .script(let text): handle.sendScript(text)
            }
        guard isSent else { throw lost() }
        do {
            return try await receive(until: deadline, isShielded: isShielded)
        } catch let interruption as Interruption {
            await stopCommand()
            throw Self.error(for: interruption, "a statement")
        }
    }

    /// Whether the server has not said goodbye meanwhile. Twice, since the first read may find its last words and only the second one the end.
    private func isAlive() -> Bool {
        guard lives.load(ordering: .acquiring), handle.consumeInput(), handle.consumeInput(), !handle.hasEnded else {
            lives.store(false, ordering: .releasing)
            return false
        }
        return true
    }

    private func receive(until deadline: ContinuousClock.Instant, isShielded: Bool) async throws -> PostgresResult {
        try await flush(until: deadline, isShielded: isShielded)
        var answer = PostgresResult()
        var failure: PostgresError?
        while true {
            while handle.isBusy {
                try await ready(for: .reading, until: deadline, isShielded: isShielded)
                guard handle.consumeInput() else { throw lost() }
            }
            guard let result = handle.nextResult() else { break }
            switch result.outcome {
            case .rows(let rows):
                answer = rows
            case .failure(let error):
                failure = failure ?? error
            case .unsupported:
                lives.store(false, ordering: .releasing)
                throw PostgresError(.misuse, "COPY is not supported.")
            }
        }
        if let failure {
            if failure.code == .connectionFailed { lives.store(false, ordering: .releasing) }
            throw failure
        }
        return answer
    }

    /// A large statement leaves in pieces; meanwhile the server may talk too, and would stop reading if nobody listened.
    private func flush(until deadline: ContinuousClock.Instant, isShielded: Bool) async throws {
        while true {
            switch handle.flush() {
            case .done:
                return
            case .failed:
                throw lost()
            case .pending:
                try await ready(for: [.reading, .writing], until: deadline, isShielded: isShielded)
                guard handle.consumeInput() else { throw lost() }
            }
        }
    }

    /// Asks the server to stop, and brings the connection back to a state in which it can be used, or gives it up.
    private func stopCommand() async {
        let limit = ContinuousClock.now + Self.settlingTime
        guard let request = handle.makeCancellation()?.send() else {
            lives.store(false, ordering: .releasing)
            return
        }
        let timer = DeadlineTimer(at: limit) { request.settle(false) }
        do {
            _ = try await receive(until: limit, isShielded: true)
        } catch is Interruption {
            lives.store(false, ordering: .releasing)
        } catch {
            // What the stopped command ended with is of no interest.
        }
        // A request that is still under way could hit the next command.
        if await !request.value() { lives.store(false, ordering: .releasing) }
        withExtendedLifetime(timer) {}
    }

    private func ready(
        for interest: SocketReadiness.Interest, until deadline: ContinuousClock.Instant, isShielded: Bool = false
    ) async throws {
        let descriptor = handle.socket
        guard descriptor >= 0 else { throw lost() }
        let readiness = await SocketReadiness.wait(
            for: interest, of: descriptor, until: deadline, heedsCancellation: !isShielded, on: executor.queue)
        switch readiness {
        case .ready: return
        case .deadlinePassed: throw Interruption.deadlinePassed
        case .cancelled: throw Interruption.cancelled
        }
    }

    private func lost() -> PostgresError {
        lives.store(false, ordering: .releasing)
        return .connectionLost(handle.errorMessage)
    }

    private static func error(for interruption: Interruption, _ activity: String) -> PostgresError {
        switch interruption {
        case .deadlinePassed:
            PostgresError(.timedOut, "The deadline passed while \(activity) was waiting for the database.", hint: "See how busy the database is.")
        case .cancelled:
            PostgresError(.cancelled, "The task was cancelled while \(activity) was waiting for the database.")
        }
    }

    // MARK: - Transactions

    /// Begins a transaction and returns the number by which its statements are recognised.
    func begin(until deadline: ContinuousClock.Instant) async throws -> Int {
        _ = try await run(.script("BEGIN"), until: deadline)
        currentTransaction += 1
        return currentTransaction
    }

    /// Runs a command in a transaction.
    ///
    /// - Throws: ``PostgresError`` with code `misuse` when the transaction has ended: by then the connection may serve somebody else.
    func run(_ command: Command, inTransaction number: Int, until deadline: ContinuousClock.Instant) async throws -> PostgresResult {
        guard number == currentTransaction, !isBetweenTransactions.load(ordering: .acquiring) else {
            throw PostgresError(.misuse, "A transaction was used after its end.", hint: "Do not let it out of the closure that got it.")
        }
        do {
            return try await run(command, until: deadline)
        } catch is LostBeforeUse {
            throw lost()
        }
    }

    /// Ends a transaction; in a cancelled task too, since a half of it must not stay open.
    func end(_ number: Int, committing: Bool) async throws {
        currentTransaction += 1
        let limit = ContinuousClock.now + .seconds(5)
        do {
            let result = try await run(.script(committing ? "COMMIT" : "ROLLBACK"), until: limit, isShielded: true)
            // To the COMMIT of a transaction in which a statement failed the server answers with a ROLLBACK, which is no error to it.
            if committing && result.commandTag != "COMMIT" {
                throw PostgresError(
                    .server(.inFailedTransaction), "The transaction was rolled back, since one of its statements had failed.",
                    hint: "Let the error of the statement leave the closure.")
            }
        } catch is LostBeforeUse {
            throw lost()
        }
    }

    // MARK: - Notifications

    /// Waits for notifications and returns their payloads; none when the deadline passed first.
    ///
    /// - Throws: ``PostgresError`` when the connection is lost or the task cancelled.
    func notifications(until deadline: ContinuousClock.Instant) async throws -> [String] {
        while true {
            var payloads: [String] = []
            while let payload = handle.nextNotification() { payloads.append(payload) }
            if !payloads.isEmpty { return payloads }
            do {
                try await ready(for: .reading, until: deadline)
            } catch Interruption.deadlinePassed {
                return []
            } catch Interruption.cancelled {
                throw Self.error(for: .cancelled, "a listener")
            }
            guard handle.consumeInput() else { throw lost() }
        }
    }
}
