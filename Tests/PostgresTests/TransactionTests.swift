import GoldcrestPostgres
import PostgresTesting
import Synchronization
import Testing

@Suite("Transactions")
struct TransactionTests {
    struct Regret: Error {}

    private func withTable(_ body: (PostgresPool) async throws -> Void) async throws {
        try await TestDatabase.withPool(maximumConnections: 1) { pool async throws in
            try await pool.execute("CREATE TABLE things (name text PRIMARY KEY)")
            try await body(pool)
        }
    }

    @Test("what the closure did is there when it returns")
    func commit() async throws {
        try await withTable { pool async throws in
            let answer = try await pool.withTransaction { transaction in
                try await transaction.execute("INSERT INTO things VALUES (\("a"))")
                return 42
            }
            #expect(answer == 42)
            #expect(try await pool.value("SELECT count(*) AS value FROM things") == 1)
        }
    }

    @Test("an error rolls back and comes through")
    func rollback() async throws {
        try await withTable { pool async throws in
            await #expect(throws: Regret.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO things VALUES (\("a"))")
                    throw Regret()
                }
            }
            #expect(try await pool.value("SELECT count(*) AS value FROM things") == 0)
        }
    }

    @Test("a commit after a swallowed error is no success")
    func failedTransaction() async throws {
        try await withTable { pool async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO things VALUES (\("a"))")
                    _ = try? await transaction.query("SELECT 1 FROM nowhere")
                }
            }
            #expect(error?.sqlState == .inFailedTransaction)
            #expect(try await pool.value("SELECT count(*) AS value FROM things") == 0)
        }
    }

    @Test("a cancelled transaction is rolled back and its connection serves on")
    func cancellation() async throws {
        try await withTable { pool async throws in
            let before: Int = try await pool.value("SELECT pg_backend_pid() AS value")
            let task = Task {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO things VALUES (\("a"))")
                    _ = try await transaction.query("SELECT pg_sleep(60)", deadline: .seconds(120))
                }
            }
            try await TestDatabase.withPool { observer async throws in
                try await eventually { try await observer.isExecuting(before) }
            }
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(try await pool.value("SELECT count(*) AS value FROM things") == 0)
            #expect(try await pool.value("SELECT pg_backend_pid() AS value") == before)
        }
    }

    @Test("a transaction that escaped its closure can do nothing")
    func escape() async throws {
        try await withTable { pool async throws in
            let escaped = try await pool.withTransaction { $0 }
            let error = await #expect(throws: PostgresError.self) { try await escaped.execute("INSERT INTO things VALUES ('a')") }
            #expect(error?.code == .misuse)
            try await pool.withTransaction { _ in
                let second = await #expect(throws: PostgresError.self) { try await escaped.execute("INSERT INTO things VALUES ('a')") }
                #expect(second?.code == .misuse, "not even while another one is open on the same connection")
            }
            #expect(try await pool.value("SELECT count(*) AS value FROM things") == 0)
        }
    }

    @Test("a transaction that a plain query opens does not leak into the next query")
    func straySQL() async throws {
        try await withTable { pool async throws in
            try await pool.execute("BEGIN")
            try await pool.execute("INSERT INTO things VALUES ('a')")
            #expect(try await pool.value("SELECT count(*) AS value FROM things") == 1, "each ran on a connection of its own")
        }
    }
}
