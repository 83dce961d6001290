import Testing

@testable import ReBAC

@Suite("Large models", .serialized)
struct ModelSizeTests {
    /// Sizes by hand from protobuf's encoding: 28 bytes of id, 5 of the schema's version.
    @Test("are measured as protobuf encodes them")
    func encodedSize() {
        #expect(AuthorizationModel(types: []).encodedSize == 33)
        // type_definitions { type: "user" }
        #expect(AuthorizationModel(types: [TypeDefinition(name: "user")]).encodedSize == 33 + 2 + 6)
        // … { type: "doc" relations { "a": { this {} } }
        //     metadata { relations { "a": { directly_related_user_types { type: "user" wildcard {} } } } } }
        let direct = RelationDefinition(name: "a", rewrite: .direct, directTypes: [TypeRestriction(type: "user", form: .wildcard)])
        #expect(AuthorizationModel(types: [TypeDefinition(name: "doc", relations: [direct])]).encodedSize == 33 + 2 + (5 + (2 + 7) + (2 + 2 + 15)))
        // An expression of 200 bytes has a length of two.
        let condition = ConditionDefinition(
            name: "c", parameters: [ConditionParameter(name: "x", type: .list(.int))], expression: String(repeating: "x", count: 200))
        #expect(AuthorizationModel(types: [], conditions: [condition]).encodedSize == 33 + 3 + (3 + 3 + (3 + 203 + (2 + 3 + 8))))
    }

    @Test("are refused beyond 256 KB, with a kind of their own")
    func limit() throws {
        let relations = (0..<8000).map { RelationDefinition(name: "relation_\($0)", rewrite: .direct, directTypes: [TypeRestriction(type: "user")]) }
        var model = AuthorizationModel(types: [TypeDefinition(name: "user"), TypeDefinition(name: "doc", relations: relations)])
        #expect(model.encodedSize > AuthorizationModel.maximumBytes)
        #expect(model.problems().map(\.kind) == [.exceedsLimit])
        while model.encodedSize > AuthorizationModel.maximumBytes { model.types[1].relations.removeLast(250) }
        #expect(model.problems() == [])
    }

    private static func model(_ relations: String...) -> String {
        "model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define base: [user]\n    define parent: [doc]\n" + relations.joined()
    }

    /// Each of about 256 KB, of a shape on which a careless walk takes exponential or quadratic time.
    private static let shapes: [String: String] = [
        "a chain": model((0..<5500).map { "    define r\($0): r\($0 + 1) or r\($0 + 1)\n" }.joined(), "    define r5500: base\n"),
        "a ladder of intersections": model(
            (0..<4000).map { "    define r\($0): r\($0 + 1) and r\($0 + 1) and r\($0 + 1)\n" }.joined(), "    define r4000: base\n"),
        "a cycle": model((0..<5500).map { "    define r\($0): base or r\(($0 + 1) % 5500)\n" }.joined()),
        "a wide union": model("    define wide: base" + String(repeating: " or base", count: 20_000) + "\n"),
        "a wide intersection of many": model(
            "    define wide: r0" + (1..<4000).map { " and r\($0)" }.joined() + "\n", (0..<4000).map { "    define r\($0): [user]\n" }.joined()),
        "many from one parent of many types": model(
            "    define many: [" + (0..<8000).map { "t\($0)" }.joined(separator: ",") + "]\n",
            (0..<4000).map { "    define r\($0): x from many\n" }.joined()),
        "usersets of each other": model((0..<3500).map { "    define r\($0): [doc#r\(($0 + 1) % 3500), doc#r\(($0 + 2) % 3500)]\n" }.joined()),
        "comments": model(String(repeating: "# comment\n", count: 26_000)),
        "blank lines": model(String(repeating: " \n", count: 128_000)),
        "brackets": model("    define r: " + String(repeating: "[", count: 256_000)),
        "parentheses": model("    define r: " + String(repeating: "(", count: 256_000)),
        "an expression": model("condition c(x: bool) {" + String(repeating: "\"}\" ", count: 64_000)),
        "an expression of quotes": model("condition c(x: bool) {" + String(repeating: "\"\"\"", count: 80_000)),
        "a name": model("    define " + String(repeating: "x", count: 120_000) + ": base\n"),
        "NUL": String(repeating: "\0", count: 256_000),
        "carriage returns": String(repeating: "\r", count: 256_000),
    ]

    @Test("are read and judged at once, whatever their shape", arguments: shapes.keys.sorted())
    func time(_ shape: String) throws {
        let text = try #require(Self.shapes[shape])
        var kinds: Set<ModelProblem.Kind> = []
        let duration = ContinuousClock().measure {
            do {
                _ = try AuthorizationModel(dsl: text)
            } catch let error as InvalidModel {
                kinds = Set(error.problems.map(\.kind))
            } catch {
                Issue.record(error)
            }
        }
        // One that is only too large is not judged any further.
        #expect(!kinds.contains(.exceedsLimit))
        // A second or two, unoptimised; the rest is for whatever else the machine does. An exponential walk would not end.
        #expect(duration < .seconds(60), "\(shape): \(duration)")
    }

    @Test("are refused with a reason that can be read, however long the names in it")
    func reasons() throws {
        let name = String(repeating: "x", count: 200_000)
        let parameters = (0..<10_000).map { "\"p\($0)\":{\"type_name\":\"TYPE_NAME_INT\"}" }.joined(separator: ",")
        let inJSON = #"{"conditions":{"\#(name)":{"name":"\#(name)","parameters":{\#(parameters),"z":{}}}}}"#
        // One character to a reader, with many bytes.
        let marks = #"{"type_definitions":[{"type":"e\#(String(repeating: "\u{301}", count: 100_000))","relations":{"\#(name)":{}}}]}"#
        let inLanguage = ["type a\n  relations\n    define b: \(name)", "type a\ncondition \(name)/b(x: int) { x }", "type \(name)\ntype \(name) b"]
        let errors =
            [inJSON, marks].map { text in #expect(throws: InvalidModel.self) { try AuthorizationModel(json: text.utf8) } }
            + inLanguage.map { text in #expect(throws: InvalidModel.self) { try AuthorizationModel(dsl: "model\n  schema 1.1\n" + text) } }
        for error in errors { #expect(try #require(error).description.utf8.count < 2000) }
        let marked = AuthorizationModel(types: [TypeDefinition(name: "e" + String(repeating: "\u{301}", count: 100_000))]).problems()
        #expect(marked.count == 1 && marked.allSatisfy { $0.reason.utf8.count < 3000 })
    }
}
