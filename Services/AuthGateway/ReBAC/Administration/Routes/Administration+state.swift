import HTTPTypes
import ReBAC

/// What questions are answered from.
extension Administration {
    static let refreshLimit = Duration.seconds(3)

    /// Waits until this gateway knows what has just been written, so that whoever wrote it finds it.
    ///
    /// It is in the database in any case: where this fails, the gateway learns it soon after.
    func show() async {
        try? await replica.refresh(within: Self.refreshLimit)
    }

    /// - Parameter id: `nil` for the newest one.
    func model(_ id: String?, in storeID: String) async throws -> UsableModel {
        try await lookingTwice { try await replica.model(id, in: storeID) }
    }

    /// One state of a store and the model that a question about it names.
    func state(of storeID: String, for scope: QuestionScope) async throws -> (model: UsableModel, tuples: TupleIndex) {
        if scope.consistency == .higherConsistency { try await replica.refresh(within: Self.refreshLimit) }
        return try await lookingTwice {
            let snapshot = try replica.snapshot(of: storeID)
            guard let id = scope.modelID else { return (try snapshot.newestModel(), snapshot.tuples) }
            return (try await replica.model(id, in: storeID), snapshot.tuples)
        }
    }

    /// What another gateway has made a moment ago may not be known here yet.
    private func lookingTwice<Found>(_ look: () async throws -> Found) async throws -> Found {
        do {
            return try await look()
        } catch let error as RelationshipStoreError where error.isOfSomethingUnknown {
            try await replica.refresh(within: Self.refreshLimit)
            return try await look()
        }
    }
}

extension RelationshipStoreError {
    fileprivate var isOfSomethingUnknown: Bool {
        switch self {
        case .storeNotFound, .modelNotFound, .noModel: true
        default: false
        }
    }
}
