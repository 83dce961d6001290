@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Stores over HTTP")
struct StoreRoutesTests {
    @Test("are made, shown, listed and deleted")
    func life() async throws {
        try await TestAdministration.run { administration in
            let created = try await administration.send(.post, "/stores", #"{"name": "my store", "unknown": 1}"#)
            #expect(created.status == .created)
            let id = created.string("id")
            #expect(TextRule.identifier.matches(id))
            #expect(created["name"] == "my store")
            #expect(created.string("created_at").hasSuffix("Z") && created.string("updated_at").hasSuffix("Z"))

            let shown = try await administration.send(.get, "/stores/\(id)")
            #expect(shown.status == .ok && shown["id"] == .string(id) && shown["deleted_at"] == .null)
            let listed = try await administration.send(.get, "/stores")
            #expect(listed["stores.0.id"] == .string(id) && listed["continuation_token"] == "")

            for _ in 1...2 {
                let deleted = try await administration.send(.delete, "/stores/\(id)")
                #expect(deleted.status == .noContent && deleted.text.isEmpty)
            }
            let gone = try await administration.send(.get, "/stores/\(id)")
            #expect(gone.status == .notFound && gone.code == "store_id_not_found")
            #expect(try await administration.send(.get, "/stores").count("stores") == 0)
        }
    }

    @Test("are listed in pages, each store once, and by name")
    func pages() async throws {
        try await TestAdministration.run { administration in
            for number in 0..<5 { _ = try await administration.send(.post, "/stores", #"{"name": "store \#(number)"}"#) }
            var names: [String] = []
            var token = ""
            repeat {
                let page = try await administration.send(.get, "/stores?page_size=2&continuation_token=\(token)")
                #expect(page.count("stores") <= 2)
                for index in 0..<page.count("stores") { names.append(page.string("stores.\(index).name")) }
                token = page.string("continuation_token")
            } while !token.isEmpty && names.count < 10
            #expect(names.sorted() == (0..<5).map { "store \($0)" })
            let named = try await administration.send(.get, "/stores?name=store%203")
            #expect(named.count("stores") == 1 && named["stores.0.name"] == "store 3")
        }
    }

    @Test("whose names, ids and pages are none are refused")
    func bad() async throws {
        try await TestAdministration.run { administration in
            for body in [#"{"name": "ab"}"#, #"{"name": ""}"#, "{}", #"{"name": 5}"#, #"{"name": "a{b}c"}"#, "[]", #"{"name":"#, ""] {
                let answer = try await administration.send(.post, "/stores", body)
                #expect(answer.status == .badRequest && answer.code == "validation_error", "\(body): \(answer.text)")
            }
            for path in ["/stores/short", "/stores/01HVMMBCMGZNT3SED4Z17ECXCI", "/stores/01hvmmbcmgznt3sed4z17ecxca"] {
                let answer = try await administration.send(.get, path)
                #expect(answer.status == .badRequest && answer.code == "validation_error")
            }
            #expect(try await administration.send(.get, "/stores?page_size=0").code == "page_size_invalid")
            #expect(try await administration.send(.get, "/stores?page_size=101").code == "page_size_invalid")
            #expect(try await administration.send(.get, "/stores?page_size=x").code == "validation_error")
            for token in ["nonsense", "%00", "eyJhIjoxfQ=="] {
                let answer = try await administration.send(.get, "/stores?continuation_token=\(token)")
                #expect(answer.status == .badRequest && answer.code == "invalid_continuation_token", "\(token): \(answer.text)")
            }
        }
    }

    @Test("that are not there have OpenFGA's errors")
    func missing() async throws {
        try await TestAdministration.run { administration in
            let path = "/stores/01HVMMBCMGZNT3SED4Z17ECXCA"
            #expect(try await administration.send(.get, path).code == "store_id_not_found")
            for (method, end, body) in [
                ("POST", "check", #"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}}"#),
                ("POST", "write", #"{"writes": {"tuple_keys": [{"user": "user:a", "relation": "v", "object": "document:1"}]}}"#),
                ("POST", "read", "{}"), ("GET", "changes", nil), ("GET", "authorization-models", nil),
            ] {
                let answer = try await administration.send(method == "POST" ? .post : .get, "\(path)/\(end)", body)
                #expect(answer.status == .notFound && answer.code == "store_id_not_found", "\(end): \(answer.text)")
            }
        }
    }
}
