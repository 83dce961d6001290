@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Tuples over HTTP")
struct TupleRoutesTests {
    @Test("are written and deleted together, read, and found in the log of changes")
    func life() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne", "document:1#editor@group:eng#member")
            let swap = try await store.post(
                "write",
                #"""
                {"writes": {"tuple_keys": [\#(TestStore.key("document:2#viewer@user:*"))]},
                 "deletes": {"tuple_keys": [\#(TestStore.key("document:1#viewer@user:anne"))]}}
                """#)
            #expect(swap.status == .ok && swap.json == [:])
            #expect(swap.headerFields[.authorizationModelID] == store.modelID)

            let read = try await store.post("read", "{}")
            #expect(read.count("tuples") == 2 && read["continuation_token"] == "")
            #expect(read["tuples.0.key.user"] == "group:eng#member" && read["tuples.0.key.condition"] == .null)
            #expect(read["tuples.1.key.user"] == "user:*" && read.string("tuples.1.timestamp").hasSuffix("Z"))

            let changes = try await store.send(.get, "changes")
            #expect((0..<4).map { changes.string("changes.\($0).operation") }.filter { $0 == "TUPLE_OPERATION_DELETE" }.count == 1)
            #expect(changes["changes.0.tuple_key.object"] == "document:1")
            let end = try await store.send(.get, "changes?continuation_token=\(changes.string("continuation_token"))")
            #expect(end.status == .ok && end.count("changes") == 0)
            #expect(end["continuation_token"] == changes["continuation_token"])
        }
    }

    @Test("keep their conditions with what they know")
    func conditions() async throws {
        try await TestStore.run { store in
            let tuple = #"{"object": "document:1", "relation": "viewer", "user": "user:anne", "condition": {"name": "in_time", "context": {"until": "2026-01-01T00:00:00Z"}}}"#
            let written = try await store.post("write", #"{"writes": {"tuple_keys": [\#(tuple)]}}"#)
            #expect(written.status == .ok, "\(written.text)")
            let read = try await store.post("read", #"{"tuple_key": {"object": "document:1"}}"#)
            #expect(read["tuples.0.key.condition"] == ["name": "in_time", "context": ["until": "2026-01-01T00:00:00Z"]])
        }
    }

    @Test("are read by what is asked for, in pages")
    func filters() async throws {
        try await TestStore.run { store in
            try await store.write((0..<25).map { "document:\($0)#viewer@user:anne" } + ["document:1#viewer@user:bob", "document:1#editor@user:bob"])
            for (filter, count) in [
                (#"{"object": "document:1"}"#, 3), (#"{"object": "document:1", "relation": "viewer"}"#, 2),
                (#"{"object": "document:", "user": "user:bob"}"#, 2), (#"{"object": "document:", "relation": "editor", "user": "user:bob"}"#, 1),
                (#"{"object": "document:1", "relation": "viewer", "user": "user:anne"}"#, 1), (#"{"object": "folder:1"}"#, 0),
            ] {
                #expect(try await store.post("read", #"{"tuple_key": \#(filter)}"#).count("tuples") == count, "\(filter)")
            }
            var seen: Set<String> = []
            var token = ""
            repeat {
                let page = try await store.post("read", #"{"page_size": 10, "continuation_token": "\#(token)"}"#)
                #expect(page.status == .ok && page.count("tuples") <= 10)
                for index in 0..<page.count("tuples") {
                    seen.insert("\(page.string("tuples.\(index).key.object"))#\(page.string("tuples.\(index).key.relation"))@\(page.string("tuples.\(index).key.user"))")
                }
                token = page.string("continuation_token")
            } while !token.isEmpty && seen.count < 100
            #expect(seen.count == 27)
            let bad = try await store.post("read", #"{"continuation_token": "nonsense"}"#)
            #expect(bad.status == .badRequest && bad.code == "invalid_continuation_token")
        }
    }

    @Test("of one type are followed by their changes")
    func changesOfType() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne", "folder:1#viewer@user:anne")
            let folders = try await store.send(.get, "changes?type=folder&page_size=1")
            #expect(folders.count("changes") == 1 && folders["changes.0.tuple_key.object"] == "folder:1")
            #expect(try await store.send(.get, "changes?start_time=2000-01-01T00:00:00Z").count("changes") == 2)
            #expect(try await store.send(.get, "changes?start_time=2999-01-01T00:00:00Z").count("changes") == 0)
            let other = try await store.send(.get, "changes?type=document&continuation_token=\(folders.string("continuation_token"))")
            #expect(other.code == "query_string_type_continuation_token_mismatch", "\(other.text)")
            for query in ["type=a%20b", "start_time=yesterday", "page_size=1000"] {
                #expect(try await store.send(.get, "changes?\(query)").status == .badRequest, "\(query)")
            }
        }
    }

    @Test("that are there, or are not, fail or are passed over as the write says")
    func conflicts() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne")
            let there = TestStore.key("document:1#viewer@user:anne"), absent = TestStore.key("document:1#viewer@user:bob")
            let duplicate = try await store.post("write", #"{"writes": {"tuple_keys": [\#(absent), \#(there)]}}"#)
            #expect(duplicate.status == .badRequest && duplicate.code == "write_failed_due_to_invalid_input")
            #expect(duplicate.string("message").hasPrefix("cannot write a tuple which already exists: user: 'user:anne'"))
            #expect(try await store.post("read", "{}").count("tuples") == 1)

            let ignored = try await store.post("write", #"{"writes": {"tuple_keys": [\#(absent), \#(there)], "on_duplicate": "ignore"}}"#)
            #expect(ignored.status == .ok, "\(ignored.text)")
            #expect(try await store.post("read", "{}").count("tuples") == 2)

            let none = TestStore.key("document:9#viewer@user:anne")
            let missing = try await store.post("write", #"{"deletes": {"tuple_keys": [\#(there), \#(none)]}}"#)
            #expect(missing.status == .badRequest && missing.code == "write_failed_due_to_invalid_input")
            let passed = try await store.post("write", #"{"deletes": {"tuple_keys": [\#(there), \#(none)], "on_missing": "ignore"}}"#)
            #expect(passed.status == .ok, "\(passed.text)")
            #expect(try await store.post("read", "{}").count("tuples") == 1)

            let conditioned = #"{"object": "document:1", "relation": "viewer", "user": "user:bob", "condition": {"name": "in_time"}}"#
            let differs = try await store.post("write", #"{"writes": {"tuple_keys": [\#(conditioned)], "on_duplicate": "ignore"}}"#)
            #expect(differs.status == .conflict && differs.code == "Aborted", "\(differs.text)")
        }
    }

    private static let misfits = [
        "cabinet:1#viewer@user:anne", "document:1#owner@user:anne", "document:1#viewer@robot:1", "document:1#viewer@group:eng",
        "document:1#viewer@group:eng#owner", "document:1#editor@user:*", "document:1#reader@user:anne", "document:1#viewer@document:1#viewer",
        "folder:1#viewer@folder:1#viewer",
    ]

    @Test("that do not fit the model are refused")
    func misfits() async throws {
        try await TestStore.run { store in
            for tuple in Self.misfits {
                let answer = try await store.post("write", #"{"writes": {"tuple_keys": [\#(TestStore.key(tuple))]}}"#)
                #expect(answer.status == .badRequest && answer.code == "validation_error", "\(answer.text)")
                #expect(try await store.post("read", "{}").count("tuples") == 0)
            }
        }
    }

    @Test("are checked against the model that the write names")
    func oldModel() async throws {
        try await TestStore.run { store in
            let narrow = "model\n  schema 1.1\ntype user\ntype document\n  relations\n    define owner: [user]"
            let written = try await store.send(.post, "authorization-models", narrow, contentType: "text/plain")
            #expect(written.status == .created, "\(written.text)")
            let tuple = #""writes": {"tuple_keys": [\#(TestStore.key("document:1#viewer@user:anne"))]}"#
            #expect(try await store.post("write", "{\(tuple)}").code == "validation_error")
            #expect(try await store.post("write", #"{\#(tuple), "authorization_model_id": "\#(store.modelID)"}"#).status == .ok)
            let unknown = try await store.post("write", #"{\#(tuple), "authorization_model_id": "01HVMMBCMGZNT3SED4Z17ECXCA"}"#)
            #expect(unknown.code == "authorization_model_not_found")
        }
    }

    @Test("that do not fit any more can be deleted")
    func deletingMisfits() async throws {
        try await TestStore.run { store in
            try await store.write("document:1#viewer@user:anne")
            let other = "model\n  schema 1.1\ntype user\ntype folder\n  relations\n    define owner: [user]"
            _ = try await store.send(.post, "authorization-models", other, contentType: "text/plain")
            let deleted = try await store.post("write", #"{"deletes": {"tuple_keys": [\#(TestStore.key("document:1#viewer@user:anne"))]}}"#)
            #expect(deleted.status == .ok, "\(deleted.text)")
        }
    }
}
