@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Assertions over HTTP")
struct AssertionRoutesTests {
    @Test("are replaced as a whole, and shown as they were written")
    func life() async throws {
        try await TestStore.run { store in
            let path = "assertions/\(store.modelID)"
            let empty = try await store.send(.get, path)
            #expect(empty.status == .ok && empty["authorization_model_id"] == .string(store.modelID) && empty["assertions"] == [])

            let first = #"""
                {"tuple_key": \#(TestStore.key("document:1#viewer@user:anne")), "expectation": true, "context": {"now": "2026-01-01T00:00:00Z"},
                 "contextual_tuples": [\#(TestStore.key("document:1#editor@user:anne"))]}
                """#
            let second = #"{"tuple_key": \#(TestStore.key("document:1#viewer@user:bob"))}"#
            let written = try await store.send(.put, path, #"{"assertions": [\#(first), \#(second)]}"#)
            #expect(written.status == .noContent && written.text.isEmpty, "\(written.text)")
            let shown = try await store.send(.get, path)
            #expect(shown.count("assertions") == 2)
            #expect(shown["assertions.0.tuple_key.user"] == "user:anne" && shown["assertions.0.expectation"] == true)
            #expect(shown["assertions.0.contextual_tuples.0.relation"] == "editor")
            #expect(shown["assertions.0.context"] == ["now": "2026-01-01T00:00:00Z"])
            #expect(shown["assertions.1.expectation"] == false && shown["assertions.1.context"] == .null)

            #expect(try await store.send(.put, path, #"{"assertions": []}"#).status == .noContent)
            #expect(try await store.send(.get, path).count("assertions") == 0)
        }
    }

    @Test("about what the model does not have are refused, and so are those of no model")
    func bad() async throws {
        try await TestStore.run { store in
            let path = "assertions/\(store.modelID)"
            let misfit = try await store.send(.put, path, #"{"assertions": [{"tuple_key": \#(TestStore.key("document:1#owner@user:anne"))}]}"#)
            #expect(misfit.status == .badRequest && misfit.code == "validation_error", "\(misfit.text)")
            let many = Array(repeating: #"{"tuple_key": \#(TestStore.key("document:1#viewer@user:anne"))}"#, count: 101).joined(separator: ",")
            #expect(try await store.send(.put, path, #"{"assertions": [\#(many)]}"#).code == "assertions_too_many_items")
            let unknown = "assertions/01HVMMBCMGZNT3SED4Z17ECXCA"
            #expect(try await store.send(.get, unknown).code == "authorization_model_not_found")
            #expect(try await store.send(.put, unknown, #"{"assertions": []}"#).code == "authorization_model_not_found")
            #expect(try await store.send(.get, "assertions/short").code == "validation_error")
        }
    }
}
