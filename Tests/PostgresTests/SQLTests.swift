import Testing

@testable import GoldcrestPostgres

@Suite("SQL")
struct SQLTests {
    @Test("an interpolated value becomes a parameter, never text")
    func parameters() throws {
        let hostile = "'; DROP TABLE tasks; --"
        let sql: SQL = "SELECT \(hostile), \(7) WHERE a = \(String?.none)"
        let (text, parameters) = try sql.rendered()
        #expect(text == "SELECT $1, $2 WHERE a = $3")
        #expect(parameters == [hostile, "7", nil])
    }

    @Test("a fragment brings its parameters along and they are numbered anew")
    func fragments() throws {
        let condition: SQL = "state = \("running")"
        let sql: SQL = "SELECT \(1) WHERE \(fragment: condition) LIMIT \(2)"
        let (text, parameters) = try (sql + " OFFSET \(3)").rendered()
        #expect(text == "SELECT $1 WHERE state = $2 LIMIT $3 OFFSET $4")
        #expect(parameters == ["1", "running", "2", "3"])
    }

    @Test("a string with NUL is refused, since PostgreSQL would have cut it")
    func nul() {
        let sql: SQL = "SELECT \("a"), \("b\0c")"
        let error = #expect(throws: PostgresError.self) { try sql.rendered() }
        #expect(error?.code == .invalidParameter)
        #expect(error?.message.contains("Parameter 2") == true)
        #expect(error?.description.contains("c") == true && error?.description.contains("b\0") == false)
    }
}
