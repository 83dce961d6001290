@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Questions over HTTP")
struct QuestionRoutesTests {
    @Test("are answered by what has just been written")
    func check() async throws {
        try await TestStore.run { store in
            #expect(try await !store.isAllowed("document:1#viewer@user:anne"))
            try await store.write("document:1#editor@group:eng#member", "group:eng#member@user:anne")
            #expect(try await store.isAllowed("document:1#viewer@user:anne"))
            #expect(try await store.isAllowed("document:1#viewer@user:anne", #""consistency": "HIGHER_CONSISTENCY""#))
            #expect(try await store.isAllowed("document:1#viewer@user:anne", #""authorization_model_id": "\#(store.modelID)""#))
            #expect(try await !store.isAllowed("document:1#viewer@user:bob"))
            let answer = try await store.post("check", #"{"tuple_key": \#(TestStore.key("document:1#reader@user:anne"))}"#)
            #expect(answer.json == ["allowed": true, "resolution": ""])
            #expect(answer.headerFields[.authorizationModelID] == store.modelID)
        }
    }

    @Test("take contextual tuples and contexts into account, and keep neither")
    func contextual() async throws {
        try await TestStore.run { store in
            let parent = #""contextual_tuples": {"tuple_keys": [\#(TestStore.key("document:1#parent@folder:x")), \#(TestStore.key("folder:x#viewer@user:anne"))]}"#
            #expect(try await store.isAllowed("document:1#viewer@user:anne", parent))
            #expect(try await !store.isAllowed("document:1#viewer@user:anne"))

            let tuple = #"{"object": "document:2", "relation": "viewer", "user": "user:anne", "condition": {"name": "in_time", "context": {"until": "2026-01-01T00:00:00Z"}}}"#
            #expect(try await store.post("write", #"{"writes": {"tuple_keys": [\#(tuple)]}}"#).status == .ok)
            #expect(try await store.isAllowed("document:2#viewer@user:anne", #""context": {"now": "2025-12-31T23:59:59Z"}"#))
            #expect(try await !store.isAllowed("document:2#viewer@user:anne", #""context": {"now": "2026-01-01T00:00:00Z"}"#))
            let undecided = try await store.post("check", #"{"tuple_key": \#(TestStore.key("document:2#viewer@user:anne"))}"#)
            #expect(undecided.status == .badRequest && undecided.code == "validation_error", "\(undecided.text)")
            #expect(undecided.string("message").contains("in_time") && undecided.string("message").contains("now"))
        }
    }

    private static let misfits = [
        "cabinet:1#viewer@user:anne", "document:1#owner@user:anne", "document:1#viewer@robot:1", "document:1#viewer@group:eng#owner",
    ]

    @Test("that name what the model does not have are refused")
    func misfits() async throws {
        try await TestStore.run { store in
            for tuple in Self.misfits {
                let answer = try await store.post("check", #"{"tuple_key": \#(TestStore.key(tuple))}"#)
                #expect(answer.status == .badRequest && answer.code == "validation_error", "\(answer.text)")
                #expect(answer.string("message").contains("not found"))
                let contextual = try await store.post(
                    "check",
                    #"{"tuple_key": \#(TestStore.key("document:1#viewer@user:anne")), "contextual_tuples": {"tuple_keys": [\#(TestStore.key(tuple))]}}"#)
                #expect(contextual.status == .badRequest && contextual.code == "invalid_tuple", "\(contextual.text)")
            }
        }
    }

    @Test("in a batch are answered one by one, by their ids")
    func batch() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne")
            func item(_ id: String, _ tuple: String) -> String { #"{"tuple_key": \#(TestStore.key(tuple)), "correlation_id": "\#(id)"}"# }
            let items = [
                item("yes", "document:1#viewer@user:anne"), item("no", "document:1#editor@user:anne"), item("bad", "document:1#owner@user:anne"),
                #"{"tuple_key": \#(TestStore.key("document:9#viewer@user:bob")), "correlation_id": "contextual", "contextual_tuples": {"tuple_keys": [\#(TestStore.key("document:9#viewer@user:*"))]}}"#,
            ]
            let answer = try await store.post("batch-check", #"{"checks": [\#(items.joined(separator: ","))]}"#)
            #expect(answer.status == .ok, "\(answer.text)")
            #expect(answer["result.yes"] == ["allowed": true])
            #expect(answer["result.no"] == ["allowed": false])
            #expect(answer["result.contextual"] == ["allowed": true])
            #expect(answer["result.bad.error.input_error"] == "validation_error")
            #expect(answer.string("result.bad.error.message").contains("owner"))
            #expect(answer.count("result") == 4)
            #expect(try await store.post("batch-check", #"{"checks": []}"#).code == "validation_error")
        }
    }

    @Test("for objects are answered with a list, also in lines")
    func objects() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne", "document:2#viewer@user:*", "document:3#viewer@user:bob", "document:2#blocked@user:anne")
            let listed = try await store.post("list-objects", #"{"type": "document", "relation": "viewer", "user": "user:anne"}"#)
            #expect(Self.strings(listed["objects"]) == ["document:1", "document:2"])
            let readable = try await store.post("list-objects", #"{"type": "document", "relation": "reader", "user": "user:anne"}"#)
            #expect(Self.strings(readable["objects"]) == ["document:1"])
            let contextual = try await store.post(
                "list-objects",
                #"""
                {"type": "document", "relation": "viewer", "user": "user:anne",
                 "contextual_tuples": {"tuple_keys": [\#(TestStore.key("document:9#editor@user:anne"))]}}
                """#)
            #expect(Self.strings(contextual["objects"]) == ["document:1", "document:2", "document:9"])

            let streamed = try await store.post("streamed-list-objects", #"{"type": "document", "relation": "viewer", "user": "user:anne"}"#)
            let lines = streamed.text.split(separator: "\n")
            #expect(Set(lines) == [#"{"result":{"object":"document:1"}}"#, #"{"result":{"object":"document:2"}}"#], "\(streamed.text)")
        }
    }

    @Test("for more objects than a list may have are answered with as many as it may have")
    func manyObjects() async throws {
        try await TestStore.run { store in
            try await store.write((0..<1100).map { "document:\($0)#viewer@user:anne" })
            let question = #"{"type": "document", "relation": "viewer", "user": "user:anne"}"#
            #expect(try await store.post("list-objects", question).count("objects") == 1000)
            #expect(try await store.post("streamed-list-objects", question).text.split(separator: "\n").count == 1100)
        }
    }

    @Test("for users are answered with a list of those of the type wanted")
    func users() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne", "document:1#editor@group:eng#member", "group:eng#member@user:bob", "document:2#viewer@user:*")
            let object = #""object": {"type": "document", "id": "1"}, "relation": "viewer""#
            let users = try await store.post("list-users", #"{\#(object), "user_filters": [{"type": "user"}]}"#)
            #expect(users.status == .ok, "\(users.text)")
            #expect(Set((0..<2).map { users.string("users.\($0).object.id") }) == ["anne", "bob"])
            let groups = try await store.post("list-users", #"{\#(object), "user_filters": [{"type": "group", "relation": "member"}]}"#)
            #expect(groups["users"] == [["userset": ["type": "group", "id": "eng", "relation": "member"]]], "\(groups.text)")
            let everyone = try await store.post(
                "list-users", #"{"object": {"type": "document", "id": "2"}, "relation": "viewer", "user_filters": [{"type": "user"}]}"#)
            #expect(everyone["users"] == [["wildcard": ["type": "user"]]], "\(everyone.text)")
        }
    }

    @Test("for lists about what the model does not have are refused with their codes")
    func badLists() async throws {
        try await TestStore.run { store in
            for (path, body, code) in [
                ("list-objects", #"{"type": "cabinet", "relation": "viewer", "user": "user:anne"}"#, "type_not_found"),
                ("list-objects", #"{"type": "document", "relation": "owner", "user": "user:anne"}"#, "relation_not_found"),
                ("list-objects", #"{"type": "document", "relation": "viewer", "user": "robot:1"}"#, "validation_error"),
                ("list-objects", #"{"type": "a b", "relation": "viewer", "user": "user:anne"}"#, "type_invalid_pattern"),
                ("streamed-list-objects", #"{"type": "cabinet", "relation": "viewer", "user": "user:anne"}"#, "type_not_found"),
                ("list-users", #"{"object": {"type": "cabinet", "id": "1"}, "relation": "viewer", "user_filters": [{"type": "user"}]}"#, "type_not_found"),
                ("list-users", #"{"object": {"type": "document", "id": "1"}, "relation": "owner", "user_filters": [{"type": "user"}]}"#, "relation_not_found"),
                ("list-users", #"{"object": {"type": "document", "id": "1"}, "relation": "viewer", "user_filters": [{"type": "robot"}]}"#, "type_not_found"),
                (
                    "list-users", #"{"object": {"type": "document", "id": "1"}, "relation": "viewer", "user_filters": [{"type": "group", "relation": "x"}]}"#,
                    "relation_not_found"
                ),
                ("expand", #"{"tuple_key": {"object": "cabinet:1", "relation": "viewer"}}"#, "validation_error"),
                ("expand", #"{"tuple_key": {"object": "document:1", "relation": "owner"}}"#, "validation_error"),
                ("expand", #"{"tuple_key": {"relation": "viewer"}}"#, "invalid_expand_input"),
            ] {
                let answer = try await store.post(path, body)
                #expect(answer.status == .badRequest && answer.code == code, "\(path) \(body): \(answer.text)")
            }
        }
    }

    @Test("for a tree are answered with a tree")
    func expand() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne", "document:1#parent@folder:x")
            let answer = try await store.post("expand", #"{"tuple_key": {"object": "document:1", "relation": "viewer"}}"#)
            #expect(answer.status == .ok, "\(answer.text)")
            #expect(answer["tree.root.name"] == "document:1#viewer")
            let nodes = "tree.root.union.nodes"
            #expect(answer["\(nodes).0.leaf.users.users"] == ["user:anne"], "\(answer.text)")
            #expect(answer["\(nodes).1.leaf.computed.userset"] == "document:1#editor")
            #expect(answer["\(nodes).2.leaf.tupleToUserset.tupleset"] == "document:1#parent")
            #expect(answer["\(nodes).2.leaf.tupleToUserset.computed"] == [["userset": "folder:x#viewer"]])
            let reader = try await store.post("expand", #"{"tuple_key": {"object": "document:1", "relation": "reader"}}"#)
            #expect(reader["tree.root.difference.base.leaf.computed.userset"] == "document:1#viewer", "\(reader.text)")
            #expect(reader["tree.root.difference.subtract.leaf.computed.userset"] == "document:1#blocked")
        }
    }

    @Test("that lead too deep are refused")
    func depth() async throws {
        try await TestStore.run { store in
            try await store.write((0..<40).map { "group:\($0)#member@group:\($0 + 1)#member" } + ["group:40#member@user:anne"])
            let answer = try await store.post("check", #"{"tuple_key": \#(TestStore.key("group:0#member@user:anne"))}"#)
            #expect(answer.status == .badRequest && answer.code == "authorization_model_resolution_too_complex", "\(answer.text)")
        }
    }

    @Test("about circles are answered")
    func circles() async throws {
        try await TestStore.run { store in
            try await store.write("group:a#member@group:b#member", "group:b#member@group:a#member")
            #expect(try await !store.isAllowed("group:a#member@user:anne"))
        }
    }

    private static func strings(_ value: JSONValue) -> Set<String> {
        guard case .array(let elements) = value else { return [] }
        return Set(elements.map { if case .string(let text) = $0 { text } else { "" } })
    }
}
