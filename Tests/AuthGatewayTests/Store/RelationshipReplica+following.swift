import GoldcrestPostgres
import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

extension RelationshipReplica {
    /// Lends a replica that follows the store.
    static func following(
        _ store: RelationshipStore, seed: RelationshipSeed? = nil, maxStaleness: Duration = .seconds(300),
        isolation: isolated (any Actor)? = #isolation, _ body: (RelationshipReplica) async throws -> Void
    ) async throws {
        let replica = RelationshipReplica(store: store, seed: seed, maxStaleness: maxStaleness, logger: TestDatabase.quiet)
        let running = Task { try await replica.run() }
        defer { running.cancel() }
        try await body(replica)
        running.cancel()
        try await running.value
    }

    /// The ids of the documents in a store, as the replica knows it; `nil` where it knows nothing.
    func documents(in storeID: String, among ids: some Sequence<String>) throws -> Set<String>? {
        guard let tuples = try? snapshot(of: storeID).tuples else { return nil }
        return Set(try ids.filter { tuples[try RelationshipTuple.example("document:\($0)").key] != nil })
    }
}

/// Asks until the answer is yes.
func eventually(
    within limit: Duration = .seconds(20), _ isSo: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isSo() {
        guard ContinuousClock.now < deadline else {
            Issue.record("It did not happen within \(limit).", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
