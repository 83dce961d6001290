import Foundation
import GoldcrestConfiguration
import ReBAC
import Testing

@testable import AuthGateway

@Suite("Files that the gateway's own store begins with")
struct SeedFilesTests {
    private static let dsl = """
        model
          schema 1.1
        type user
        type group
          relations
            define member: [user, group#member]
        type vcluster
          relations
            define member: [user, user:*, group#member, user with in_time]
        condition in_time(now: timestamp, until: timestamp, limit: int) {
          now < until
        }
        """

    /// Reads files of these contents.
    private static func seed(model: String = dsl, tuples: String? = nil, named name: String = "tuples.yaml") throws -> RelationshipSeed {
        let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-seed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let modelFile = folder.appending(path: "model.fga")
        try model.write(to: modelFile, atomically: false, encoding: .utf8)
        let tuplesFile = folder.appending(path: name)
        try tuples?.write(to: tuplesFile, atomically: false, encoding: .utf8)
        return try RelationshipSeed(
            reading: Authorization.ReBAC(modelPath: modelFile.path(), tuplesPath: tuples == nil ? nil : tuplesFile.path()))
    }

    private static let expected = [
        "vcluster:daint#member@user:anne", "vcluster:daint#member@user:*", "vcluster:daint#member@group:eng#member",
        "vcluster:eiger#member@user:bob",
    ]
    private static let until = "2030-01-01T00:00:00Z"

    @Test(
        "tuples come from every shape that OpenFGA's CLI reads or writes",
        arguments: [
            (
                "tuples.yaml",
                """
                # who may use what
                - {user: user:anne, relation: member, object: vcluster:daint}
                - user: user:*
                  relation: member
                  object: vcluster:daint
                - { user: 'group:eng#member', relation: member, object: "vcluster:daint" }
                - user: user:bob
                  relation: member
                  object: vcluster:eiger
                  condition:
                    name: in_time
                    context: {until: 2030-01-01T00:00:00Z, limit: 3}
                """
            ),
            (
                "tuples.json",
                """
                [
                \t{"user": "user:anne", "relation": "member", "object": "vcluster:daint"},
                \t{"user": "user:*", "relation": "member", "object": "vcluster:daint", "condition": null},
                \t{"user": "group:eng#member", "relation": "member", "object": "vcluster:daint"},
                \t{"user": "user:bob", "relation": "member", "object": "vcluster:eiger",
                \t "condition": {"name": "in_time", "context": {"until": "2030-01-01T00:00:00Z", "limit": 3}}}
                ]
                """
            ),
            (
                "store.fga.yaml",
                """
                name: a store
                model_file: ./model.fga
                tuples:
                  - {user: user:anne, relation: member, object: vcluster:daint}
                  - {user: user:*, relation: member, object: vcluster:daint}
                  - {user: 'group:eng#member', relation: member, object: vcluster:daint}
                  - {user: user:bob, relation: member, object: vcluster:eiger,
                     condition: {name: in_time, context: {until: '2030-01-01T00:00:00Z', limit: 3}}}
                """
            ),
            (
                "read.json",
                """
                {"continuation_token":"","tuples":[
                {"key":{"user":"user:anne","relation":"member","object":"vcluster:daint"},"timestamp":"2024-01-01T00:00:00Z"},
                {"key":{"user":"user:*","relation":"member","object":"vcluster:daint"},"timestamp":"2024-01-01T00:00:00Z"},
                {"key":{"user":"group:eng#member","relation":"member","object":"vcluster:daint"}},
                {"key":{"user":"user:bob","relation":"member","object":"vcluster:eiger",
                "condition":{"name":"in_time","context":{"until":"2030-01-01T00:00:00Z","limit":3}}}}]}
                """
            ),
            (
                "write.json",
                """
                {"writes":{"tuple_keys":[{"user":"user:anne","relation":"member","object":"vcluster:daint"},
                {"user":"user:*","relation":"member","object":"vcluster:daint"},
                {"user":"group:eng#member","relation":"member","object":"vcluster:daint"},
                {"user":"user:bob","relation":"member","object":"vcluster:eiger",
                "condition":{"name":"in_time","context":{"until":"2030-01-01T00:00:00Z","limit":3}}}]}}
                """
            ),
            (
                "tuples.jsonl",
                """
                {"user":"user:anne","relation":"member","object":"vcluster:daint"}

                {"user":"user:*","relation":"member","object":"vcluster:daint"}
                {"user":"group:eng#member","relation":"member","object":"vcluster:daint"}
                {"user":"user:bob","relation":"member","object":"vcluster:eiger",\
                "condition":{"name":"in_time","context":{"until":"2030-01-01T00:00:00Z","limit":3}}}
                """
            ),
            (
                "tuples.csv",
                """
                user_type,user_id,user_relation,relation,object_type,object_id,condition_name,condition_context
                user,anne,,member,vcluster,daint,,
                user,*,,member,vcluster,daint,,
                "group",eng,member,member,vcluster,daint,,
                user,bob,,member,vcluster,eiger,in_time,"{""until"": ""2030-01-01T00:00:00Z"", ""limit"": 3}"
                """
            ),
        ])
    func shapes(name: String, text: String) throws {
        let seed = try Self.seed(tuples: text, named: name)
        #expect(seed.tuples.map(\.key.description) == Self.expected)
        #expect(seed.tuples.last?.condition == TupleCondition(name: "in_time", context: ["until": .string(Self.until), "limit": .number(3)]))
        #expect(seed.tuples.dropLast().allSatisfy { $0.condition == nil })
    }

    @Test("a model is read from JSON as from the DSL")
    func jsonModel() throws {
        let fromDSL = try Self.seed()
        #expect(fromDSL.model.types.map(\.name) == ["user", "group", "vcluster"] && fromDSL.tuples.isEmpty)
        let fromJSON = try Self.seed(model: " \n" + String(decoding: fromDSL.model.json(), as: UTF8.self))
        #expect(fromJSON.model.json() == fromDSL.model.json())
    }

    @Test("no tuples are fine", arguments: ["", "# nothing yet\n", "[]", "tuples: []", "null"])
    func noTuples(text: String) throws {
        #expect(try Self.seed(tuples: text).tuples.isEmpty)
    }

    @Test(
        "what is wrong with tuples is told with its line",
        arguments: [
            ("tuples.yaml", "- {user: user:a, relation: member, object: vcluster:b}\n- {user: user:a, relation: x, object: vcluster:b}", 2, "x"),
            ("tuples.yaml", "- {user: anne, relation: member, object: vcluster:daint}", 1, "user"),
            ("tuples.yaml", "-\n  user: user:anne\n  relation: member", 2, "no object"),
            ("tuples.yaml", "- {user: user:anne, relation: member, object: vcluster:daint, conditon: {name: in_time}}", 1, "conditon"),
            ("tuples.yaml", "- {user: user:anne, relation: member, object: vcluster:daint, condition: {name: in_time, contxt: {}}}", 1, "contxt"),
            ("tuples.yaml", "- {user: user:anne, relation: member, object: vcluster:daint, condition: in_time}", 1, "condition"),
            ("tuples.yaml", "- {user: user:anne, relation: member, object: vcluster:daint, condition: {context: {}}}", 1, "name"),
            ("tuples.yaml", "- {user: user:anne, relation: member, object: vcluster:daint, condition: {name: x}}", 1, "condition"),
            (
                "tuples.yaml",
                "- {user: user:a, relation: member, object: vcluster:b}\n\n- {user: user:a, relation: member, object: vcluster:b}", 3, "second time"
            ),
            ("tuples.yaml", "\n- [user, member]", 2, "a list"),
            ("tuples.yaml", "just text", 1, "a single value"),
            ("tuples.yaml", "- {user: user:anne\n- ]", 2, "flow"),
            ("tuples.json", "[\n{\"user\": \"user:anne\",\n\"relation\": \"member\" \"object\": 1}]", 3, "flow"),
            (
                "tuples.jsonl", "{\"user\":\"user:a\",\"relation\":\"member\",\"object\":\"vcluster:b\"}\n\n{\"user\":\"user:a\"}", 3,
                "no relation, object"
            ),
            ("tuples.csv", "user_type,user_id,relation,object_type,object_id\nuser,a,member,vcluster", 2, "4 values"),
            ("tuples.csv", "user_type,user_id,relation,object_type,object\n", 1, "column object"),
            ("tuples.csv", "user_type,relation,object_type,object_id\n", 1, "user_id"),
            ("tuples.csv", "user_type,user_id,relation,object_type,object_id\nuser,\"a\nb,member,vcluster,c", 2, "quote"),
            ("tuples.csv", "user_type,user_id,relation,object_type,object_id\nuser,\"a\nb\",member,vcluster,c\nuser,a,x,vcluster,c\n", 4, "relation"),
        ])
    func problems(name: String, text: String, line: Int, reason: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Self.seed(tuples: text, named: name) }
        let problem = try #require(error.problems.last)
        #expect(problem.line == line && problem.path.hasSuffix(name), "\(problem)")
        #expect(problem.description.contains(reason), "\(problem)")
    }

    @Test(
        "what is wrong with a model is told with its line",
        arguments: [
            ("model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define viewer: [usr]", 6, "usr"),
            ("model\n  schema 1.1\ntype user\n  relatons", 4, "relatons"),
            ("", 1, "end of the model"),
            ("{\"schema_version\": \"1.1\"}", nil, "no types"),
            ("{", nil, "not JSON"),
        ] as [(String, Int?, String)])
    func modelProblems(text: String, line: Int?, reason: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Self.seed(model: text) }
        let problem = try #require(error.problems.first)
        #expect(problem.path.hasSuffix("model.fga"))
        #expect(problem.line == line, "\(problem)")
        #expect(problem.description.contains(reason), "\(problem)")
    }

    @Test("a file that cannot be read says why")
    func unreadable() throws {
        func failure(of path: String) throws -> String {
            try #require(throws: ConfigurationError.self) { try RelationshipSeed(reading: Authorization.ReBAC(modelPath: path)) }.description
        }
        let missing = try failure(of: "/nowhere/model.fga")
        #expect(missing.contains("/nowhere/model.fga") && missing.contains("No such file"))
        #expect(try failure(of: "/tmp").contains("not a regular file"))
    }

    @Test("aliases that stand for too much are refused, not expanded")
    func aliasBomb() throws {
        let levels = (1...12).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", "))]" }
        let text = "a0: &a0 [x]\n" + levels.joined(separator: "\n")
        let error = try #require(throws: ConfigurationError.self) { try Self.seed(tuples: text) }
        #expect(error.description.contains("values"))
    }
}
