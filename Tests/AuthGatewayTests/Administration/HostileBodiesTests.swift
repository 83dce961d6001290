@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Hostile bodies on the administration port")
struct HostileBodiesTests {
    private static let deep = String(repeating: "[", count: 200_000)
    private static let deepContext = String(repeating: #"{"a":"#, count: 100) + "1" + String(repeating: "}", count: 100)
    private static let question = #""tuple_key": {"user": "user:anne", "relation": "viewer", "object": "document:1"}"#

    private static let malformed = [
        "", "x", "{", "[]", "null", "1", #""text""#, "{\"a\":}", #"{"a":1,}"#, #"{"tuple_key": 1}"#, #"{"tuple_key": {"user": ["user:anne"]}}"#,
        #"{"checks": {}}"#, #"{"checks": [1]}"#, #"{"writes": "all"}"#, #"{"name": {"a": 1}}"#, "{\"name\": \"\u{1}\"}", #"{"name": "\ud800"}"#, deep,
        #"{"a": \#(deep)"#, #"{"name": "a", "name": "b"}"#, #"{"page_size": 1e400}"#, #"{"page_size": true}"#,
    ]

    @Test("that are no JSON, or not the JSON wanted, are refused by every route")
    func malformed() async throws {
        try await TestStore.run { store in
            for body in Self.malformed {
                for path in ["check", "batch-check", "write", "list-objects", "streamed-list-objects", "list-users", "expand", "authorization-models"] {
                    let answer = try await store.post(path, body)
                    #expect(answer.status == .badRequest && !answer.code.isEmpty, "\(path): \(answer.status) \(answer.text.prefix(200))")
                }
                let assertions = try await store.send(.put, "assertions/\(store.modelID)", body)
                #expect([.badRequest, .noContent].contains(assertions.status), "\(body.prefix(100))")
                #expect(try await store.administration.send(.get, "/stores").status == .ok)
            }
        }
    }

    @Test("that nest contexts deeply are refused")
    func deepContexts() async throws {
        try await TestStore.run { store in
            let answer = try await store.post("check", #"{\#(Self.question), "context": \#(Self.deepContext)}"#)
            #expect(answer.status == .badRequest && answer.code == "validation_error", "\(answer.text.prefix(200))")
        }
    }

    @Test("that are too large are refused, announced or not")
    func large() async throws {
        try await TestStore.run { store in
            let blanks = String(repeating: " ", count: Administration.maximumBodyLength)
            for path in ["check", "write", "authorization-models"] {
                let answer = try await store.post(path, "{\(blanks)}")
                #expect(answer.status == .contentTooLarge && answer.code == "resource_exhausted", "\(path): \(answer.text)")
            }
            let largest = "{\(Self.question)" + String(repeating: " ", count: Administration.maximumBodyLength - Self.question.utf8.count - 2) + "}"
            #expect(try await store.post("check", largest).status == .ok)
        }
    }

    @Test("full of members and elements are read in little time", .timeLimit(.minutes(1)))
    func wide() async throws {
        try await TestStore.run { store in
            let members = (0..<40_000).map { #""m\#($0)":0"# }.joined(separator: ",")
            let elements = String(repeating: "0,", count: 250_000) + "0"
            for value in ["{\(members)}", #"{"list": [\#(elements)]}"#] {
                let start = ContinuousClock.now
                let answer = try await store.post("check", #"{\#(Self.question), "context": \#(value)}"#)
                #expect(answer.status == .ok, "\(answer.text.prefix(200))")
                #expect(start.duration(to: .now) < .seconds(10))
            }
        }
    }

    @Test("with names at the limits are taken, and beyond them refused")
    func limits() async throws {
        try await TestStore.run { store in
            func key(object: Int, user: Int) -> String {
                #"{"object": "document:\#(String(repeating: "o", count: object - 9))", "relation": "viewer", "user": "user:\#(String(repeating: "u", count: user - 5))"}"#
            }
            #expect(try await store.post("write", #"{"writes": {"tuple_keys": [\#(key(object: 256, user: 512))]}}"#).status == .ok)
            #expect(try await store.post("check", #"{"tuple_key": \#(key(object: 256, user: 512))}"#)["allowed"] == true)
            for (object, user) in [(257, 10), (20, 513)] {
                let written = try await store.post("write", #"{"writes": {"tuple_keys": [\#(key(object: object, user: user))]}}"#)
                #expect(written.status == .badRequest && written.code == "validation_error", "\(written.text.prefix(100))")
                #expect(try await store.post("check", #"{"tuple_key": \#(key(object: object, user: user))}"#).code == "validation_error")
            }
        }
    }
}
