import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import PostgresTesting
import StackTesting
import Testing

@Suite("Following a transfer's task")
struct TaskEventsTests {
    private static let waiting: @Sendable (inout Cluster) -> Void = { $0.dataOperation.datatransferJobsDirectives.append("#SBATCH --begin=now+1hour") }

    private func states(_ stream: EventStream) -> [String] {
        stream.events.filter { $0.name == "state" }.compactMap { if case .string(let state)? = $0.field("state") { state } else { nil } }
    }

    @Test("its states come one after the other, and the answer ends with its end")
    func course() async throws {
        try await TransferFixture.with { fixture async throws in
            let task = try await fixture.removal(of: "file")
            try await fixture.following(task.id) { stream in
                try await eventually(within: .seconds(60), "the end") { stream.hasEnded }
                let seen = states(stream)
                #expect(seen.last == "succeeded")
                #expect(Set(seen).count == seen.count, "no state comes twice")
                let order = ["accepted", "submitted", "queued", "running", "succeeded"]
                #expect(seen.compactMap { order.firstIndex(of: $0) } == seen.compactMap { order.firstIndex(of: $0) }.sorted())
                #expect(stream.events.allSatisfy { $0.field("id") == .string(task.id) })
            }
        }
    }

    @Test("of a task that has ended the end is told once, and to who knows it nothing")
    func ended() async throws {
        try await TransferFixture.with { fixture async throws in
            let id = try await fixture.insert("rm", "succeeded", age: 10)
            try await fixture.following(id) { stream in
                try await eventually("the end") { stream.hasEnded }
                #expect(states(stream) == ["succeeded"])
                let last = try #require(stream.events.last?.id)
                try await fixture.following(id, lastEventID: last, expecting: .noContent) { _ in }
                try await fixture.following(id, lastEventID: "nonsense") { again in
                    try await eventually("the end") { again.hasEnded }
                    #expect(states(again) == ["succeeded"])
                }
            }
        }
    }

    @Test("a change in one replica is told at once by another")
    func otherReplica() async throws {
        try await TransferFixture.with(changing: Self.waiting) { one async throws in
            try await TransferFixture.with(databaseURL: one.databaseURL) { two async throws in
                let task = try await one.removal(of: "file")
                try await two.following(task.id) { stream in
                    try await eventually("the state now") { !stream.events.isEmpty }
                    let start = ContinuousClock.now
                    let answer = try await one.tasks(.delete, "/\(task.id)")
                    #expect(answer.status == .noContent)
                    try await eventually("the end") { stream.hasEnded }
                    // Much sooner than somebody would look who was not told.
                    #expect(ContinuousClock.now - start < .seconds(10))
                    #expect(states(stream).last == "cancelled")
                }
            }
        }
    }

    @Test("a user follows so many tasks at a time, and as many again when some have ended")
    func bounded() async throws {
        try await TransferFixture.with(changing: Self.waiting) { fixture async throws in
            let id = try await fixture.insert("rm", "running", age: 10)
            var exchanges: [HTTPExchange] = []
            for _ in 0..<32 {
                exchanges.append(try await fixture.client.exchange(fixture.taskRequest(.get, "/\(id)/events"), deadline: .seconds(30)))
            }
            #expect(exchanges.allSatisfy { $0.head.status == .ok })
            let refused = try await fixture.tasks(.get, "/\(id)/events")
            #expect(refused.status == .tooManyRequests)
            #expect(refused.head.headerFields[.retryAfter].flatMap { Int($0) } != nil)
            let shown = try await fixture.tasks(.get, "/\(id)")
            #expect(shown.status == .ok)
            for exchange in exchanges { exchange.cancel() }
            try await eventually("a place is free again") {
                let exchange = try await fixture.client.exchange(fixture.taskRequest(.get, "/\(id)/events"), deadline: .seconds(30))
                defer { exchange.cancel() }
                return exchange.head.status == .ok
            }
        }
    }

    @Test("who follows does not hold up the end of the service, and gets a whole answer")
    func shutdown() async throws {
        let server = try await PostgresServer.start()
        let stopping = ContinuousClock.now
        try await TransferFixture.with(databaseURL: server.url) { fixture async throws in
            let id = try await fixture.insert("rm", "running", age: 10)
            let exchange = try await fixture.client.exchange(fixture.taskRequest(.get, "/\(id)/events"), deadline: .seconds(30))
            let stream = EventStream(exchange)
            let reading = Task { await stream.read() }
            try await eventually("the state now") { !stream.events.isEmpty }
            _ = reading
        }
        // It waits up to 20 s for requests that go on.
        #expect(ContinuousClock.now - stopping < .seconds(15))
    }

    @Test("a stream goes on through a failure of the database, and tells what has changed meanwhile")
    func databaseAway() async throws {
        let server = try await PostgresServer.start()
        try await TransferFixture.with(databaseURL: server.url) { fixture async throws in
            let id = try await fixture.insert("rm", "running", age: 10)
            try await fixture.following(id) { stream in
                try await eventually("the state now") { states(stream) == ["running"] }
                try await server.pause()
                try await Task.sleep(for: .seconds(1))
                try await server.resume()
                try await eventually(within: .seconds(60), "the service works again") { try await fixture.isReady() }
                _ = try await fixture.database { pool in
                    try await pool.execute("UPDATE transfer_tasks SET state = 'failed', ended_at = now() WHERE id = \(id)::uuid")
                }
                try await eventually(within: .seconds(60), "the end") { stream.hasEnded }
                #expect(states(stream) == ["running", "failed"])
            }
        }
    }
}
