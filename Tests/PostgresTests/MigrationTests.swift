import GoldcrestPostgres
import PostgresTesting
import Testing

@Suite("Migrations")
struct MigrationTests {
    private let first = Migration(id: 1, name: "things", sql: "CREATE TABLE things (name text); INSERT INTO things VALUES ('semicolon; inside')")
    private let second = Migration(id: 2, name: "sizes", sql: "ALTER TABLE things ADD COLUMN size int8 NOT NULL DEFAULT 0")

    @Test("five replicas that start at once migrate once")
    func concurrent() async throws {
        try await TestDatabase.withFreshSchema { url async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask { [first, second] in
                        let pool = PostgresPool(url: url, logger: TestDatabase.quiet)
                        try await pool.migrate([second, first], of: "tests")
                        await pool.close()
                    }
                }
                try await group.waitForAll()
            }
            let pool = PostgresPool(url: url, logger: TestDatabase.quiet)
            #expect(try await pool.value("SELECT count(*) AS value FROM things WHERE size = 0") == 1)
            #expect(try await pool.value("SELECT string_agg(id || name, ' ' ORDER BY id) AS value FROM goldcrest_migrations") == "1things 2sizes")
            await pool.close()
        }
    }

    @Test("a failing migration leaves nothing behind, not even those before it")
    func atomicity() async throws {
        try await TestDatabase.withPool { pool async throws in
            let broken = Migration(id: 3, name: "broken", sql: "CREATE TABLE more (x int8); SELECT 1 FROM nowhere")
            let error = await #expect(throws: PostgresError.self) { try await pool.migrate([first, second, broken], of: "tests") }
            #expect(error?.sqlState == .undefinedTable)
            #expect(try await pool.value("SELECT to_regclass('things') IS NULL AND to_regclass('more') IS NULL AS value") == true)
            try await pool.migrate([first], of: "tests")
            try await pool.migrate([first, second], of: "tests")
            #expect(try await pool.value("SELECT max(size) AS value FROM things") == 0)
        }
    }

    @Test("the numbers of two owners have nothing to do with each other")
    func owners() async throws {
        try await TestDatabase.withPool { pool async throws in
            try await pool.migrate([first], of: "tests")
            try await pool.migrate([Migration(id: 1, name: "others", sql: "CREATE TABLE others (x int8)")], of: "others")
            #expect(try await pool.value("SELECT count(*) AS value FROM goldcrest_migrations") == 2)
        }
    }

    @Test("a migration that was changed after its release, or a number used twice, is an error")
    func contradictions() async throws {
        try await TestDatabase.withPool { pool async throws in
            try await pool.migrate([first], of: "tests")
            let renamed = Migration(id: 1, name: "stuff", sql: "CREATE TABLE stuff (x int8)")
            let changed = await #expect(throws: PostgresError.self) { try await pool.migrate([renamed], of: "tests") }
            #expect(changed?.code == .migration)
            let twice = await #expect(throws: PostgresError.self) { try await pool.migrate([first, renamed], of: "tests") }
            #expect(twice?.code == .migration)
        }
    }
}
