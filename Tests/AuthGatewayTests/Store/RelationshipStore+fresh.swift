import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

extension RelationshipStore {
    /// Lends a store with empty tables of its own.
    static func withFreshTables(
        maximumConnections: Int = 4, isolation: isolated (any Actor)? = #isolation, _ body: (RelationshipStore) async throws -> Void
    ) async throws {
        try await TestDatabase.withPool(maximumConnections: maximumConnections) { pool async throws in
            let store = RelationshipStore(pool: pool)
            try await store.migrate()
            try await body(store)
        }
    }

    /// All tuples, page by page.
    func allTuples(in storeID: String, _ filter: TupleFilter = TupleFilter(), pageSize: Int = 100) async throws -> [RelationshipTuple] {
        var tuples: [RelationshipTuple] = []
        var next: String?
        repeat {
            let page = try await read(filter, in: storeID, page: PageRequest(size: pageSize, from: next))
            tuples += page.elements.map(\.tuple)
            next = page.next
        } while next != nil
        return tuples
    }

    func allChanges(in storeID: String) async throws -> [TupleChange] {
        var changes: [TupleChange] = []
        var next: String?
        while true {
            let page = try await self.changes(in: storeID, page: PageRequest(size: 100, from: next))
            if page.elements.isEmpty { return changes }
            changes += page.elements
            next = page.next
        }
    }
}

extension RelationshipTuple {
    /// `document:plan#viewer@user:anne`
    static func example(
        _ object: String, _ relation: String = "viewer", _ user: String = "user:anne", _ condition: TupleCondition? = nil
    ) throws -> Self {
        RelationshipTuple(key: try TupleKey(object: object, relation: relation, user: user), condition: condition)
    }
}

extension AuthorizationModel {
    /// Groups and documents; the last relation of documents has a name of its own.
    static func example(lastRelation: String = "owner") -> AuthorizationModel {
        let people = [TypeRestriction(type: "user"), TypeRestriction(type: "group", form: .userset(relation: "member"))]
        return AuthorizationModel(types: [
            TypeDefinition(name: "user"),
            TypeDefinition(name: "group", relations: [RelationDefinition(name: "member", rewrite: .direct, directTypes: people)]),
            TypeDefinition(
                name: "document",
                relations: [
                    RelationDefinition(name: "viewer", rewrite: .direct, directTypes: people + [TypeRestriction(type: "user", form: .wildcard)]),
                    RelationDefinition(name: lastRelation, rewrite: .direct, directTypes: people),
                ]),
        ])
    }
}
