import GoldcrestPostgres
import Logging
import PostgresTesting
import Synchronization
import Testing

@Suite("Outages")
struct OutageTests {
    @Test("a connection whose server process was killed is replaced")
    func terminatedBackend() async throws {
        try await TestDatabase.withPool(maximumConnections: 1) { pool async throws in
            let pid: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            try await TestDatabase.withPool { other async throws in
                #expect(try await other.value("SELECT pg_terminate_backend(\(pid)::int4) AS value") == true)
                try await eventually { try await other.value("SELECT count(*) = 0 AS value FROM pg_stat_activity WHERE pid = \(pid)") }
            }
            let next: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            #expect(next != pid)
        }
    }

    @Test("a connection that the server has said it ends is replaced, although it is still open")
    func lastWords() async throws {
        let server = try LastWordsServer()
        server.start()
        defer { server.stop() }
        let url = "postgresql://u@127.0.0.1:\(server.port)/db?sslmode=disable&gssencmode=disable"
        let pool = PostgresPool(url: url, maximumConnections: 1, logger: TestDatabase.quiet)
        #expect(try await pool.query("SELECT 1").isEmpty)
        #expect(try await pool.query("SELECT 1").isEmpty)
        #expect(server.connectionCount == 2)
        await pool.close()
    }

    @Test("a statement whose server process is killed fails, says that it may have happened, and the next one works")
    func terminatedWhileRunning() async throws {
        try await TestDatabase.withPool(maximumConnections: 1) { pool async throws in
            let pid: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            let task = Task { try await pool.query("SELECT pg_sleep(60)", deadline: .seconds(120)) }
            try await TestDatabase.withPool { other async throws in
                try await eventually { try await other.isExecuting(pid) }
                #expect(try await other.value("SELECT pg_terminate_backend(\(pid)::int4) AS value") == true)
            }
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .connectionFailed)
            #expect(error?.hint?.contains("may have taken effect") == true)
            #expect(try await pool.value("SELECT 1 AS value") == 1)
        }
    }

    @Test("the pool survives the server's absence, at its start and later, and says each change once", .timeLimit(.minutes(2)))
    func restart() async throws {
        let server = try await PostgresServer.start()
        try await server.pause()
        let log = LogRecorder()
        let pool = PostgresPool(url: server.url, maximumConnections: 2, logger: log.logger)
        let running = Task { try await pool.run() }

        let absent = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1", deadline: .milliseconds(700)) }
        #expect(absent?.code == .connectionFailed)
        #expect(absent?.message.contains("goldcrest@127.0.0.1:\(server.port)/postgres") == true)
        #expect(!pool.isReachable)

        async let patient: Int = pool.value("SELECT 1 AS value")
        try await server.resume()
        #expect(try await patient == 1, "a query that waits is served when the server comes")
        #expect(pool.isReachable)

        var notifications = pool.notifications(on: "bells").makeAsyncIterator()
        #expect(await notifications.next() == .reconnected)
        try await server.pause()
        try await eventually { !pool.isReachable }
        try await server.resume()
        #expect(await notifications.next() == .reconnected)
        try await eventually { pool.isReachable }
        _ = try await pool.query("SELECT pg_notify('bells', 'ding')")
        #expect(await notifications.next() == .received(payload: "ding"))

        running.cancel()
        try await running.value
        #expect(await notifications.next() == nil)
        let changes = log.lines.filter { $0.hasPrefix("The database is") }.map { !$0.contains("not reachable") }
        #expect(changes == [false, true, false, true], "each change is logged once")
        #expect(!log.lines.contains { $0.contains("sesame") || $0.contains("Q7") })
        #expect(absent?.description.contains("sesame") == false)
    }

    @Test("a wrong password is a failure to connect that shows no password")
    func wrongPassword() async throws {
        let server = try await PostgresServer.start()
        let pool = PostgresPool(
            url: "postgresql://goldcrest:wrong-hunter2@127.0.0.1:\(server.port)/postgres", logger: TestDatabase.quiet)
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1", deadline: .seconds(1)) }
        #expect(error?.code == .connectionFailed)
        #expect(error?.message.contains("password authentication failed") == true)
        #expect(error?.description.contains("hunter2") == false)
        await pool.close()
    }

    @Test("a text that is no URL is refused without showing it", arguments: ["", "postgresql://u:hunter2@host:no%zzport/db", "hunter2"])
    func badURL(_ url: String) async throws {
        let pool = PostgresPool(url: url, logger: TestDatabase.quiet)
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1", deadline: .milliseconds(300)) }
        #expect(error?.code == .connectionFailed)
        #expect(error?.description.contains("DATABASE_URL") == true)
        #expect(error?.description.contains("hunter2") == false)
        await pool.close()
    }

    @Test("an address where nobody answers costs no more than the deadline")
    func blackHole() async throws {
        let silence = try SilentListener()
        let pool = PostgresPool(url: "postgresql://u@127.0.0.1:\(silence.port)/db", logger: TestDatabase.quiet)
        let start = ContinuousClock.now
        await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1", deadline: .milliseconds(300)) }
        #expect(ContinuousClock.now - start < .seconds(3))
        await pool.close()
    }
}

/// Collects what is logged.
private final class LogRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var logger: Logger { Logger(label: "tests") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(recorder: LogRecorder) {
            self.recorder = recorder
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.recorded.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
