import GoldcrestProtocol
import HTTPTypes
import Testing

/// A store of a test's own, with a model.
struct TestStore: Sendable {
    /// Documents are in folders, and those who may edit may look as well.
    static let model = """
        model
          schema 1.1

        type user

        type group
          relations
            define member: [user, group#member]

        type folder
          relations
            define viewer: [user]

        type document
          relations
            define parent: [folder]
            define blocked: [user]
            define editor: [user, group#member]
            define viewer: [user, user:*, group#member, user with in_time] or editor or viewer from parent
            define reader: viewer but not blocked

        condition in_time(now: timestamp, until: timestamp) {
          now < until
        }
        """

    let administration: TestAdministration
    let id: String
    let modelID: String

    /// Runs an administration API with such a store.
    static func run(model: String = model, _ body: @escaping @Sendable (TestStore) async throws -> Void) async throws {
        try await TestAdministration.run { try await body(make(on: $0, model: model)) }
    }

    static func make(on administration: TestAdministration, model: String = model) async throws -> TestStore {
        let created = try await administration.send(.post, "/stores", #"{"name": "tests"}"#)
        try #require(created.status == .created, "\(created.text)")
        let id = created.string("id")
        let written = try await administration.send(.post, "/stores/\(id)/authorization-models", model, contentType: "text/plain")
        try #require(written.status == .created, "\(written.text)")
        return TestStore(administration: administration, id: id, modelID: written.string("authorization_model_id"))
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, contentType: String = "application/json"
    ) async throws -> TestAdministration.Answer {
        try await administration.send(method, "/stores/\(id)/\(path)", body, contentType: contentType)
    }

    func post(_ path: String, _ body: String) async throws -> TestAdministration.Answer { try await send(.post, path, body) }

    /// Writes tuples such as `document:1#viewer@user:anne`.
    func write(_ tuples: String...) async throws { try await write(tuples) }

    func write(_ tuples: [String]) async throws {
        for start in stride(from: 0, to: tuples.count, by: 100) {
            let keys = tuples[start..<min(start + 100, tuples.count)].map(Self.key).joined(separator: ",")
            let answer = try await post("write", #"{"writes": {"tuple_keys": [\#(keys)]}}"#)
            try #require(answer.status == .ok, "\(answer.text)")
        }
    }

    func isAllowed(_ tuple: String, _ more: String = "") async throws -> Bool {
        let answer = try await post("check", #"{"tuple_key": \#(Self.key(tuple))\#(more.isEmpty ? "" : ", ")\#(more)}"#)
        try #require(answer.status == .ok, "\(answer.text)")
        return answer["allowed"] == true
    }

    /// A tuple's message in JSON.
    static func key(_ tuple: String) -> String {
        let parts = tuple.split(separator: "@", maxSplits: 1)
        let question = parts[0].split(separator: "#", maxSplits: 1)
        return #"{"object": "\#(question[0])", "relation": "\#(question[1])", "user": "\#(parts[1])"}"#
    }
}
