@testable import AuthGateway
import Foundation
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Authorization models over HTTP")
struct ModelRoutesTests {
    @Test("are taken as JSON and as DSL, kept in versions, and shown as OpenFGA shows them")
    func versions() async throws {
        try await TestStore.run { store in
            let shown = try await store.send(.get, "authorization-models/\(store.modelID)")
            #expect(shown.status == .ok)
            #expect(shown["authorization_model.id"] == .string(store.modelID))
            #expect(shown["authorization_model.schema_version"] == "1.1")
            #expect(shown["authorization_model.type_definitions.0.type"] == "user")
            #expect(shown["authorization_model.conditions.in_time.name"] == "in_time")

            // What is shown can be written again.
            let model = try JSONEncoder().encode(shown["authorization_model"])
            let written = try await store.post("authorization-models", String(decoding: model, as: UTF8.self))
            #expect(written.status == .created, "\(written.text)")
            let second = written.string("authorization_model_id")
            #expect(second > store.modelID)

            let listed = try await store.send(.get, "authorization-models?page_size=1")
            #expect(listed["authorization_models.0.id"] == .string(second))
            let rest = try await store.send(.get, "authorization-models?page_size=1&continuation_token=\(listed.string("continuation_token"))")
            #expect(rest["authorization_models.0.id"] == .string(store.modelID))
        }
    }

    @Test("are shown in the DSL to who accepts plain text")
    func dsl() async throws {
        try await TestStore.run { store in
            let path = "/stores/\(store.id)/authorization-models/\(store.modelID)"
            let shown = try await store.administration.send(.get, path, accept: "text/plain")
            #expect(shown.status == .ok && shown.headerFields[.contentType]?.hasPrefix("text/plain") == true)
            #expect(shown.text.contains("define reader: viewer but not blocked"), "\(shown.text)")
            let written = try await store.send(.post, "authorization-models", shown.text, contentType: "text/plain")
            #expect(written.status == .created, "\(written.text)")
            #expect(try await store.administration.send(.get, path, accept: "*/*")["authorization_model.id"] == .string(store.modelID))
        }
    }

    @Test("that contradict themselves or are none are refused with their code")
    func bad() async throws {
        try await TestStore.run { store in
            let undefined = #"{"schema_version": "1.1", "type_definitions": [{"type": "document", "relations": {"viewer": {"computedUserset": {"relation": "editor"}}}}]}"#
            for (body, contentType, code) in [
                (undefined, "application/json", "invalid_authorization_model"),
                ("model\n  schema 1.1\ntype document\n  relations\n    define viewer: editor", "text/plain", "invalid_authorization_model"),
                ("model\n  schema 1.1\ntype document\n  relations\n    define viewer: [", "text/plain; charset=utf-8", "validation_error"),
                (#"{"schema_version": "1.1""#, "application/json", "validation_error"), ("[]", "application/json", "validation_error"),
                ("", "text/plain", "validation_error"),
            ] {
                let answer = try await store.send(.post, "authorization-models", body, contentType: contentType)
                #expect(answer.status == .badRequest && answer.code == code, "\(body.prefix(60)): \(answer.text)")
            }
        }
    }

    @Test("in the DSL that are refused say where")
    func position() async throws {
        try await TestStore.run { store in
            let answer = try await store.send(
                .post, "authorization-models", "model\n  schema 1.1\ntype user\ntype document\n  relations\n    define viewer: [user] nor editor",
                contentType: "text/plain")
            #expect(answer.string("message").contains("line 6"), "\(answer.text)")
        }
    }

    @Test("that are too large are refused")
    func large() async throws {
        try await TestStore.run { store in
            let types = (0..<101).map { #"{"type": "t\#($0)"}"# }.joined(separator: ",")
            let many = try await store.post("authorization-models", #"{"schema_version": "1.1", "type_definitions": [\#(types)]}"#)
            #expect(many.status == .badRequest && many.code == "exceeded_entity_limit", "\(many.text)")

            let relations = (0..<6000).map { #""relation_with_a_rather_long_name_\#($0)": {"this": {}}"# }.joined(separator: ",")
            let metadata = (0..<6000).map { #""relation_with_a_rather_long_name_\#($0)": {"directly_related_user_types": [{"type": "user"}]}"# }
            let large = #"{"schema_version": "1.1", "type_definitions": [{"type": "user"}, {"type": "d", "relations": {\#(relations)}}]}"#
            let answer = try await store.post("authorization-models", large)
            #expect(answer.status == .badRequest && answer.code == "exceeded_entity_limit", "\(answer.text.prefix(300))")
            let larger = #"{"schema_version": "1.1", "type_definitions": [{"type": "d", "metadata": {"relations": {\#(metadata.joined(separator: ","))}}}]}"#
            let tooLarge = try await store.post("authorization-models", larger + String(repeating: " ", count: 700_000))
            #expect(tooLarge.status == .contentTooLarge && tooLarge.code == "resource_exhausted")
        }
    }

    @Test("that are not there have OpenFGA's errors")
    func missing() async throws {
        try await TestStore.run { store in
            let unknown = "01HVMMBCMGZNT3SED4Z17ECXCA"
            let shown = try await store.send(.get, "authorization-models/\(unknown)")
            #expect(shown.status == .badRequest && shown.code == "authorization_model_not_found")
            #expect(shown["message"] == .string("Authorization Model '\(unknown)' not found"))
            #expect(try await store.send(.get, "authorization-models/short").code == "validation_error")

            let empty = try await store.administration.send(.post, "/stores", #"{"name": "empty"}"#).string("id")
            let question = #"{"tuple_key": \#(TestStore.key("document:1#viewer@user:anne"))}"#
            let answer = try await store.administration.send(.post, "/stores/\(empty)/check", question)
            #expect(answer.status == .badRequest && answer.code == "latest_authorization_model_not_found")
            #expect(answer["message"] == .string("No authorization models found for store '\(empty)'"))
        }
    }
}
