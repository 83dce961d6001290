import FoundationEssentials
import GoldcrestPostgres
import PostgresTesting
import Testing

@Suite("Values")
struct ValueTests {
    static let hostileStrings = [
        "", " ", "'; DROP TABLE tasks; --", "a\\b\\'c\"d", "{\"a\",NULL}", "$1 %s %n", "tab\tnewline\ncarriage\r", "naïve 日本語 👩‍👩‍👧", "NULL",
        "\u{1}\u{7F}\u{FFFD}",
    ]

    @Test("every string comes back as it was", arguments: hostileStrings)
    func strings(_ text: String) async throws {
        try await TestDatabase.withPool { pool async throws in
            #expect(try await pool.value("SELECT \(text)::text AS value") == text)
        }
    }

    @Test("numbers, truth values and UUIDs come back as they were")
    func scalars() async throws {
        try await TestDatabase.withPool { pool async throws in
            for number in [Int.min, -1, 0, Int.max] { #expect(try await pool.value("SELECT \(number)::int8 AS value") == number) }
            for number in [Int64.min, Int64.max] { #expect(try await pool.value("SELECT \(number)::int8 AS value") == number) }
            for number in [Int32.min, Int32.max] { #expect(try await pool.value("SELECT \(number)::int4 AS value") == number) }
            for number in [0.1, -0.0, 1e300, Double.leastNonzeroMagnitude, .infinity, -.infinity] {
                #expect(try await pool.value("SELECT \(number)::float8 AS value") == number)
            }
            let notANumber: Double = try await pool.value("SELECT \(Double.nan)::float8 AS value")
            #expect(notANumber.isNaN)
            for truth in [true, false] { #expect(try await pool.value("SELECT \(truth)::bool AS value") == truth) }
            let id = UUID()
            #expect(try await pool.value("SELECT \(id)::uuid AS value") == id)
        }
    }

    @Test("every byte and every array of texts comes back as it was")
    func arrays() async throws {
        try await TestDatabase.withPool { pool async throws in
            let bytes = [UInt8](0...255)
            #expect(try await pool.value("SELECT \(bytes)::bytea AS value") == bytes)
            #expect(try await pool.value("SELECT \([UInt8]())::bytea AS value") == [UInt8]())
            let texts = Self.hostileStrings + ["a,b", "{", "}"]
            #expect(try await pool.value("SELECT \(texts)::text[] AS value") == texts)
            #expect(try await pool.value("SELECT \([String]())::text[] AS value") == [String]())
            #expect(try await pool.value("SELECT 'b' = ANY(\(["a", "b"])) AS value") == true)
        }
    }

    @Test("a date comes back to the microsecond, and is the one the server means")
    func dates() async throws {
        try await TestDatabase.withPool { pool async throws in
            for seconds in [0, 1_772_368_496.123456, -1.5, 951_782_400, 4_102_444_799.999999, -62_135_596_800, -99_999_999_999.25, 253_402_300_800] {
                let date = Date(timeIntervalSince1970: seconds)
                let row = try #require(
                    try await pool.query("SELECT \(date)::timestamptz AS value, extract(epoch FROM \(date)::timestamptz)::float8 AS epoch").first)
                let returned: Date = try row.decode("value")
                #expect(abs(returned.timeIntervalSince1970 - seconds) < 0.000_001, "\(seconds)")
                let epoch: Double = try row.decode("epoch")
                #expect(abs(epoch - seconds) < 0.000_01, "\(seconds)")
            }
            let winter: Date = try await pool.value("SELECT '2026-01-01 00:00:00+05:30'::timestamptz AS value")
            #expect(winter == Date(timeIntervalSince1970: 1_767_205_800))
        }
    }

    @Test("NULL is nil, and an error where no nil is expected")
    func nulls() async throws {
        try await TestDatabase.withPool { pool async throws in
            #expect(try await pool.value("SELECT \(Int?.none)::int8 AS value", as: Int?.self) == nil)
            #expect(try await pool.value("SELECT \(String?.some("x"))::text AS value", as: String?.self) == "x")
            let error = await #expect(throws: PostgresError.self) {
                try await pool.value("SELECT NULL::text AS secretive", column: "secretive", as: String.self)
            }
            #expect(error?.code == .decoding)
            #expect(error?.message == "Column secretive: expected String, found NULL.")
        }
    }

    @Test("a wrong type is named with its column, its content is not")
    func mismatches() async throws {
        try await TestDatabase.withPool { pool async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.value("SELECT 'hunter2' AS value", as: Int.self)
            }
            #expect(error?.message == "Column value: expected Int, found text of 7 bytes.")
            let missing = await #expect(throws: PostgresError.self) {
                try await pool.value("SELECT 1 AS a, 2 AS b", column: "c", as: Int.self)
            }
            #expect(missing?.message == "The result has no column c, only: a, b.")
        }
    }

    @Test("JSON goes in and out as text")
    func json() async throws {
        try await TestDatabase.withPool { pool async throws in
            let json = #"{"a": [1, "x\"y"]}"#
            #expect(try await pool.value("SELECT \(json)::jsonb AS value") == json)
        }
    }
}

extension PostgresPool {
    /// The value of the first row.
    func value<T: PostgresDecodable>(_ sql: SQL, column: String = "value", as type: T.Type = T.self) async throws -> T {
        try #require(try await query(sql, deadline: .seconds(20)).first).decode(column)
    }
}
