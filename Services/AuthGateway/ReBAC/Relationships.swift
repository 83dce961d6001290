import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestServiceKit
import Logging
import ServiceLifecycle

/// What a gateway with an evaluator of its own has: where relationships are kept, and as they are known here.
struct Relationships: Sendable {
    let store: RelationshipStore
    let replica: RelationshipReplica

    /// Absent unless `auth.authorization.rebac` is there.
    ///
    /// - Throws: ``ConfigurationError`` for files that cannot be used.
    init?(_ authorization: Authorization?, database: PostgresPool, logger: Logger) throws {
        guard case .rebac(let settings)? = authorization?.source else { return nil }
        store = RelationshipStore(pool: database)
        replica = RelationshipReplica(
            store: store, seed: try RelationshipSeed(reading: settings), maxStaleness: settings.maxStaleness, logger: logger)
    }

    var readiness: ReadinessCheck {
        ReadinessCheck("relationships") { [replica] in replica.problem }
    }
}
