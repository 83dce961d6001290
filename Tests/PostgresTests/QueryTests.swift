import GoldcrestPostgres
import PostgresTesting
import Testing

@Suite("Queries")
struct QueryTests {
    @Test("a hundred queries share four connections, each used by one at a time")
    func concurrency() async throws {
        try await TestDatabase.withPool(maximumConnections: 4) { pool async throws in
            let results = try await withThrowingTaskGroup(of: (Int, Int, Int).self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let row = try #require(
                            try await pool.query(
                                "SELECT pg_backend_pid() AS pid, \(number)::int8 AS number FROM pg_sleep(0.005)", deadline: .seconds(30)
                            ).first)
                        return (number, try row.decode("number"), try row.decode("pid"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count == 100)
            #expect(results.allSatisfy { $0.0 == $0.1 })
            #expect((1...4).contains(Set(results.map(\.2)).count))
        }
    }

    @Test("the number of affected rows is told")
    func affectedRows() async throws {
        try await TestDatabase.withPool { pool async throws in
            try await pool.execute("CREATE TABLE things (name text PRIMARY KEY, size int8)")
            #expect(try await pool.execute("INSERT INTO things VALUES ('a', 1), ('b', 2), ('c', 3)") == 3)
            #expect(try await pool.execute("UPDATE things SET size = 0 WHERE size > \(1)") == 2)
            #expect(try await pool.execute("DELETE FROM things WHERE name = \("z")") == 0)
        }
    }

    @Test("a refusal carries the server's code, words and constraint, not the value")
    func serverErrors() async throws {
        try await TestDatabase.withPool { pool async throws in
            try await pool.execute("CREATE TABLE things (name text CONSTRAINT one_of_a_name PRIMARY KEY)")
            try await pool.execute("INSERT INTO things VALUES (\("hunter2"))")
            let duplicate = await #expect(throws: PostgresError.self) { try await pool.execute("INSERT INTO things VALUES (\("hunter2"))") }
            #expect(duplicate?.sqlState == .uniqueViolation)
            #expect(duplicate?.constraint == "one_of_a_name")
            #expect(duplicate?.description.contains("hunter2") == false)

            let unreadable = await #expect(throws: PostgresError.self) { try await pool.query("SELECT \("hunter2")::uuid") }
            #expect(unreadable?.code == .server(SQLState(rawValue: "22P02")))
            #expect(unreadable?.message == "invalid input syntax for type uuid: \"…\"")

            let unknown = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1 FROM nowhere") }
            #expect(unknown?.sqlState == .undefinedTable)
            #expect(try await pool.value("SELECT 1 AS value") == 1, "the connection goes on after a refusal")
        }
    }

    @Test("a statement larger than any socket buffer gets through, and so does its echo")
    func largeStatement() async throws {
        try await TestDatabase.withPool { pool async throws in
            let text = String(repeating: "0123456789abcdef", count: 1 << 19)
            #expect(try await pool.value("SELECT \(text)::text AS value") == text)
        }
    }

    @Test("a deadline stops the statement on the server and frees the connection")
    func deadline() async throws {
        try await TestDatabase.withPool(maximumConnections: 1) { pool async throws in
            let before: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            let start = ContinuousClock.now
            let error = await #expect(throws: PostgresError.self) {
                try await pool.query("SELECT pg_sleep(60)", deadline: .milliseconds(200))
            }
            #expect(error?.code == .timedOut)
            #expect(ContinuousClock.now - start < .seconds(10))
            let after: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            #expect(after == before, "the same connection serves on")
        }
    }

    @Test("cancelling the task stops the statement on the server and frees the connection")
    func cancellation() async throws {
        try await TestDatabase.withPool(maximumConnections: 1) { pool async throws in
            let before: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            let task = Task { try await pool.query("SELECT pg_sleep(60)", deadline: .seconds(120)) }
            try await TestDatabase.withPool(maximumConnections: 1) { observer async throws in
                try await eventually { try await observer.isExecuting(before) }
                task.cancel()
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .cancelled)
                #expect(try await observer.isExecuting(before) == false)
            }
            let after: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            #expect(after == before, "the same connection serves on")
        }
    }

    @Test("who waits for a connection leaves at the deadline or when cancelled, and the others keep their turn")
    func waiting() async throws {
        try await TestDatabase.withPool(maximumConnections: 1) { pool async throws in
            try await pool.withTransaction { _ in
                let late = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1", deadline: .milliseconds(100)) }
                #expect(late?.code == .timedOut)
                #expect(late?.message.contains("1 are in use") == true)
                let cancelled = Task { try await pool.query("SELECT 1", deadline: .seconds(60)) }
                cancelled.cancel()
                let error = await #expect(throws: PostgresError.self) { try await cancelled.value }
                #expect(error?.code == .cancelled)
            }
            #expect(try await pool.value("SELECT 1 AS value") == 1)
        }
    }

    @Test("a closed pool says so")
    func closed() async throws {
        try await TestDatabase.withPool { pool async throws in
            _ = try await pool.query("SELECT 1")
            #expect(pool.isReachable)
            await pool.close()
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
            #expect(error?.code == .poolClosed)
            #expect(!pool.isReachable)
        }
    }
}

extension PostgresPool {
    /// Whether the server process runs a statement right now.
    func isExecuting(_ pid: Int) async throws -> Bool {
        try await value("SELECT count(*) = 1 AS value FROM pg_stat_activity WHERE pid = \(pid) AND state = 'active'")
    }
}

/// Waits until a condition holds, at most twenty seconds.
func eventually(_ condition: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(20)
    while try await !condition() {
        try #require(ContinuousClock.now < limit, "the condition never held")
        try await Task.sleep(for: .milliseconds(10))
    }
}
