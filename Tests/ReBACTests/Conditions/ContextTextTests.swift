import ReBAC
import Testing

@Suite("Contexts as JSON")
struct ContextTextTests {
    private let context: ConditionContext = [
        "b": .list([.number(1), .number(-2.5), .string("é\"\n")]), "a": .null, "c": .map(["z": .bool(true), "y": .map([:])]), "d": .number(1e300),
    ]

    @Test("are written by name and read again")
    func roundTrip() throws {
        let text = context.json()
        #expect(String(decoding: text, as: UTF8.self) == #"{"a":null,"b":[1,-2.5,"é\"\n"],"c":{"y":{},"z":true},"d":1e+300}"#)
        #expect(try ConditionContext(json: text) == context)
    }

    @Test(
        "are refused when they are no objects, malformed or nested too deep",
        arguments: [
            "", "[]", "1", "{\"a\":}", "{\"a\":1,}", "{\"a\":1} x", "{\"a\":1,\"a\":2}", "{\"a\":\"\u{1}\"}", "{\"a\":1e999}", "{\"a\":01}",
            String(repeating: "{\"a\":", count: 66) + "1" + String(repeating: "}", count: 66), String(repeating: "{\"a\":[", count: 100_000),
        ])
    func malformed(text: String) {
        #expect(throws: InvalidContext.self) { try ConditionContext(json: text.utf8) }
    }

    @Test("may be as deep as is said")
    func deepest() throws {
        let depth = ContextValue.maximumNesting
        let text = String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        #expect(String(decoding: try ConditionContext(json: text.utf8).json(), as: UTF8.self) == text)
    }
}
