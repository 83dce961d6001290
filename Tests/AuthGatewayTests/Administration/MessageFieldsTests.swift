@testable import AuthGateway
import ReBAC
import Testing

@Suite("Fields of a message")
struct MessageFieldsTests {
    private static func fields(_ json: String) throws -> MessageFields {
        try MessageFields("CheckRequest", JSONReader.value(of: Array(json.utf8)))
    }

    @Test("are empty where they are absent or null, and ignored where nobody knows them")
    func absent() throws {
        let fields = try Self.fields(#"{"user": null, "surprise": [1]}"#)
        #expect(try fields.text("user") == "")
        #expect(try fields.boolean("trace") == false)
        #expect(try fields.integer("page_size") == nil)
        #expect(try fields.context("context") == [:])
        #expect(try fields.list("checks", of: "BatchCheckItem").isEmpty)
        #expect(try fields.fields("tuple_key", of: "TupleKey") == nil)
    }

    @Test("give the values that they have")
    func values() throws {
        let fields = try Self.fields(
            #"{"user": "user:é", "trace": true, "size": 7, "text_size": "-7", "context": {"a": [1.5, "x", null, {"b": false}]}}"#)
        #expect(try fields.text("user") == "user:é")
        #expect(try fields.boolean("trace"))
        #expect(try fields.integer("size") == 7)
        #expect(try fields.integer("text_size") == -7)
        #expect(try fields.context("context") == ["a": .list([.number(1.5), .string("x"), .null, .map(["b": .bool(false)])])])
    }

    @Test("of the wrong kind are refused", arguments: [#"{"f": 1}"#, #"{"f": true}"#, #"{"f": []}"#, #"{"f": {}}"#])
    func wrongKinds(json: String) throws {
        let fields = try Self.fields(json)
        let error = #expect(throws: OpenFGAError.self) { try fields.text("f") }
        #expect(error?.code == .validationError)
        #expect(error?.message.contains("string field f") == true)
    }

    @Test("that are no integers of 32 bits are refused", arguments: ["1.5", "3e9", "true", #""7x""#, "{}"])
    func notIntegers(value: String) throws {
        let fields = try Self.fields(#"{"f": \#(value)}"#)
        #expect(throws: OpenFGAError.self) { try fields.integer("f") }
    }

    @Test("that break a rule are named as OpenFGA names them")
    func rules() throws {
        let fields = try Self.fields(#"{"authorization_model_id": "short"}"#)
        let error = #expect(throws: OpenFGAError.self) { try fields.text("authorization_model_id", .identifier) }
        #expect(
            error
                == OpenFGAError(
                    .validationError,
                    #"invalid CheckRequest.AuthorizationModelId: value does not match regex pattern "^[ABCDEFGHJKMNPQRSTVWXYZ0-9]{26}$""#))
        let missing = #expect(throws: OpenFGAError.self) { try fields.requiredFields("tuple_key", of: "TupleKey") }
        #expect(missing == OpenFGAError(.tupleKeyValueNotSpecified, "invalid CheckRequest.TupleKey: value is required"))
    }

    @Test("of an enumeration may be names or numbers, and nothing else")
    func choices() throws {
        let choices = [("OFF", 0.0, false), ("ON", 100.0, true)].map { (name: $0.0, number: $0.1, choice: $0.2) }
        let fields = try Self.fields(#"{"name": "ON", "number": 100, "unknown": "on", "other": 3}"#)
        #expect(try fields.choice("name", choices, default: false))
        #expect(try fields.choice("number", choices, default: false))
        #expect(try fields.choice("absent", choices, default: true))
        for name in ["unknown", "other"] {
            #expect(throws: OpenFGAError.self) { try fields.choice(name, choices, default: false) }
        }
    }

    @Test("are those of an object only", arguments: ["[]", "1", #""text""#, "null", "true"])
    func noObject(json: String) {
        #expect(throws: OpenFGAError.self) { try Self.fields(json) }
    }
}

@Suite("Rules for texts")
struct TextRuleTests {
    @Test(
        "take what OpenFGA takes",
        arguments: [
            (TextRule.identifier, "01HVMMBCMGZNT3SED4Z17ECXCA"), (.relation, "can_view"), (.relation, String(repeating: "é", count: 50)),
            (.object, "document:1"), (.object, String(repeating: "x", count: 256)), (.user, String(repeating: "x", count: 512)),
            (.type, String(repeating: "t", count: 254)), (.storeName, "my store_1 ./^&@-x"), (.correlation, "A-z_09"),
        ])
    func good(rule: TextRule, text: String) {
        #expect(rule.matches(text))
    }

    @Test(
        "refuse what OpenFGA refuses",
        arguments: [
            (TextRule.identifier, "01HVMMBCMGZNT3SED4Z17ECXCI"), (.identifier, "01hvmmbcmgznt3sed4z17ecxca"), (.identifier, "01HVMMBCMGZNT3SED4Z17ECXC"),
            (.relation, ""), (.relation, "a b"), (.relation, "a:b"), (.relation, "a#b"), (.relation, "a@b"), (.relation, String(repeating: "x", count: 51)),
            (.object, "d"), (.object, "document:a b"), (.object, String(repeating: "x", count: 257)), (.user, String(repeating: "x", count: 513)),
            (.user, "u\u{0}"), (.type, String(repeating: "t", count: 255)), (.storeName, "ab"), (.storeName, "naïve"), (.correlation, "a.b"),
            (.correlation, String(repeating: "x", count: 37)), (.user, String(repeating: "x", count: 1_000_000)),
        ])
    func bad(rule: TextRule, text: String) {
        #expect(!rule.matches(text))
    }
}
