import Testing

@testable import ReBAC

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue { try JSONReader.value(of: Array(text.utf8)) }

    @Test(
        "gives what it says",
        arguments: [
            (" null ", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)), ("0", .number(0)), ("-1.5e2", .number(-150)),
            ("1E+2", .number(100)),
            ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", .string("a\"\\/\u{08}\u{0C}\n\r\t")), ("\"\\u00e9\\ud83e\\udd85\"", .string("é🦅")),
            ("\"\\u0000\"", .string("\0")), ("[]", .array([])), ("[1,[2],\n{}]", .array([.number(1), .array([.number(2)]), .object([])])),
            ("{\"b\":1,\"a\":{\"\":null}}", ["b": .number(1), "a": ["": .null]]), ("\u{FEFF}1", .number(1)),
        ] as [(String, JSONValue)])
    func values(_ text: String, is value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(
        "refuses what is not JSON",
        arguments: [
            "", " ", "nul", "tru", "True", "01", "-", "+1", "1.", ".5", "1.e5", "-.5", "1e", "1e999", "0x10", "NaN", "\"", "\"a", "\"\\", "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"", "\"\\u+123\"", "\"\\ud83e\"", "\"\\udd85\"", "\"\\ud83e\\u0041\"", "\"a\nb\"", "[", "[1", "[1,", "[1,]", "[,]", "[1 2]",
            "{", "{\"a\"", "{\"a\":",
            "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "1 2", "[]]", "{}{}", "'a'", "// a", "\0",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONReader.Problem.self) { try read(text) }
    }

    @Test("refuses a member that stands twice, which would else be lost")
    func duplicate() {
        #expect(throws: JSONReader.Problem(offset: 7, message: "has the member 'a' twice")) { try read(#"{"a":1,"a":2}"#) }
    }

    @Test(
        "refuses strings that are not UTF-8",
        arguments: [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(of: [0x22] + bytes + [0x22]) }
    }

    @Test("takes nesting up to its bound, and a megabyte of brackets is only refused", arguments: [("[", "]"), ("{\"a\":", "}")])
    func nesting(_ open: String, _ close: String) throws {
        let depth = JSONReader.maximumDepth
        _ = try read(String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth))
        #expect(throws: JSONReader.Problem.self) {
            try read(String(repeating: open, count: depth + 1) + "1" + String(repeating: close, count: depth + 1))
        }
        #expect(throws: JSONReader.Problem.self) { try read(String(repeating: open, count: 1_000_000)) }
    }

    @Test("reads back what was written")
    func roundTrip() throws {
        let value: JSONValue = [
            "text": .string("\u{01}\u{1F}\"\\/\n\t\ré🦅\u{7F}"), "numbers": .array([.number(0), .number(-3), .number(0.1), .number(1e300)]),
            "rest": .array([.null, .bool(true), .bool(false), [:], .array([])]),
        ]
        var writer = JSONWriter()
        writer.write(value)
        #expect(try JSONReader.value(of: writer.bytes) == value)
    }
}
