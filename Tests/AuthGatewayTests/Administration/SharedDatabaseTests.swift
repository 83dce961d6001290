@testable import AuthGateway
import HTTPTypes
import PostgresTesting
import Testing

@Suite("Two gateways on one database")
struct SharedDatabaseTests {
    private static func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(15)
        while try await !condition() {
            try #require(ContinuousClock.now < limit, "\(what)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test("see each other's stores, models and tuples")
    func agreement() async throws {
        try await TestDatabase.withFreshSchema { url in
            try await TestAdministration.run(on: url) { first in
                try await TestAdministration.run(on: url) { second in
                    let here = try await TestStore.make(on: first)
                    let there = TestStore(administration: second, id: here.id, modelID: here.modelID)
                    // What is new is asked for at once, though no word of it may have come yet.
                    #expect(try await !there.isAllowed("document:1#viewer@user:anne"))
                    try await here.write("document:1#viewer@user:anne")
                    #expect(try await there.isAllowed("document:1#viewer@user:anne", #""consistency": "HIGHER_CONSISTENCY""#))
                    try await there.write("document:2#viewer@user:anne")
                    #expect(try await there.isAllowed("document:2#viewer@user:anne"))
                    try await Self.eventually("the other gateway follows") { try await here.isAllowed("document:2#viewer@user:anne") }
                }
            }
        }
    }

    @Test("write by the model that is the newest anywhere")
    func newestModel() async throws {
        try await TestDatabase.withFreshSchema { url in
            try await TestAdministration.run(on: url) { first in
                try await TestAdministration.run(on: url) { second in
                    let here = try await TestStore.make(on: first)
                    let there = TestStore(administration: second, id: here.id, modelID: here.modelID)
                    _ = try await there.isAllowed("document:1#viewer@user:anne")
                    let narrow = "model\n  schema 1.1\ntype user\ntype document\n  relations\n    define owner: [user]"
                    #expect(try await here.send(.post, "authorization-models", narrow, contentType: "text/plain").status == .created)
                    let tuple = TestStore.key("document:1#viewer@user:anne")
                    let answer = try await there.post("write", #"{"writes": {"tuple_keys": [\#(tuple)]}}"#)
                    #expect(answer.code == "validation_error", "\(answer.text)")
                }
            }
        }
    }
}

@Suite("Administration while PostgreSQL restarts")
struct AdministrationOutageTests {
    @Test("goes on answering from memory, refuses what needs the database, and recovers")
    func restart() async throws {
        let server = try await PostgresServer.start()
        try await TestAdministration.run(on: server.url) { administration in
            let store = try await TestStore.make(on: administration)
            try await store.write("document:1#viewer@user:anne")
            try await server.pause()
            #expect(try await store.isAllowed("document:1#viewer@user:anne"))
            let question = #""tuple_key": \#(TestStore.key("document:1#viewer@user:anne"))"#
            let fresh = try await store.post("check", #"{\#(question), "consistency": "HIGHER_CONSISTENCY"}"#)
            #expect(fresh.status == .serviceUnavailable && fresh.code == "unavailable", "\(fresh.text)")
            let refused = try await store.post("write", #"{"writes": {"tuple_keys": [\#(TestStore.key("document:2#viewer@user:anne"))]}}"#)
            #expect(refused.status == .serviceUnavailable && refused.code == "unavailable", "\(refused.text)")
            #expect(try await store.post("read", "{}").code == "unavailable")

            try await server.resume()
            let limit = ContinuousClock.now + .seconds(20)
            let tuple = TestStore.key("document:3#viewer@user:anne")
            while try await store.post("write", #"{"writes": {"tuple_keys": [\#(tuple)], "on_duplicate": "ignore"}}"#).status != .ok {
                try #require(ContinuousClock.now < limit, "the database is used again")
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await store.isAllowed("document:3#viewer@user:anne"))
        }
    }
}
