import FoundationEssentials
public import GoldcrestPostgres
public import GoldcrestProtocol

/// The table `services_health`, and the channel of the same name that tells the readers which system has news.
public struct PostgresServicesHealthStore: ServicesHealthStore {
    private static let channel = "services_health"

    private let pool: PostgresPool

    public init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Makes the table. The writer and the readers may all call it: one of them does it.
    public func migrate() async throws {
        try await pool.migrate(Self.migrations, of: "services_health")
    }

    public func replace(_ health: SystemHealth) async throws {
        let keys = health.services.map { "\($0.serviceType.rawValue):\($0.path ?? "")" }
        try await pool.withTransaction { transaction in
            // One writer a system at a time: two would each leave rows that the other meant to remove, or wait for each other's for ever.
            _ = try await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended('services_health:' || \(health.system)::text, 0))")
            try await transaction.execute(
                """
                DELETE FROM services_health
                WHERE system = \(health.system) AND NOT (service_type || ':' || path = ANY(\(keys)))
                """)
            for service in health.services {
                try await transaction.execute(Self.upsert(service, of: health.system))
            }
            // Delivered at the commit, so a reader that is woken sees the rows.
            _ = try await transaction.query("SELECT pg_notify(\(Self.channel), \(health.system))")
        }
    }

    private static func upsert(_ service: ServiceHealth, of system: String) -> SQL {
        """
        INSERT INTO services_health (system, service_type, path, last_checked, latency, healthy, message, nodes_available, nodes_total)
        VALUES (
            \(system), \(service.serviceType.rawValue), \(service.path ?? ""), \(service.lastChecked), \(service.latency), \(service.healthy),
            \(service.message.map(withoutNUL)), \(service.nodes?.available), \(service.nodes?.total)
        )
        ON CONFLICT (system, service_type, path) DO UPDATE SET
            last_checked = EXCLUDED.last_checked, latency = EXCLUDED.latency, healthy = EXCLUDED.healthy, message = EXCLUDED.message,
            nodes_available = EXCLUDED.nodes_available, nodes_total = EXCLUDED.nodes_total
        """
    }

    /// A message quotes what a remote program said, which may be anything; it must not keep the result of a check from being stored.
    private static func withoutNUL(_ message: String) -> String {
        message.utf8.contains(0) ? String(String.UnicodeScalarView(message.unicodeScalars.filter { $0.value != 0 })) : message
    }

    public func all() async throws -> [SystemHealth] {
        let rows = try await pool.query(
            """
            SELECT system, service_type, path, last_checked, latency, healthy, message, nodes_available, nodes_total
            FROM services_health ORDER BY system, service_type, path
            """)
        var systems: [SystemHealth] = []
        for row in rows {
            let system: String = try row.decode("system")
            // A newer version may check what this one does not know.
            guard let service = try Self.service(from: row) else { continue }
            if systems.last?.system == system {
                systems[systems.count - 1].services.append(service)
            } else {
                systems.append(SystemHealth(system: system, services: [service]))
            }
        }
        return systems
    }

    private static func service(from row: PostgresRow) throws -> ServiceHealth? {
        guard let serviceType = BackendServiceType(rawValue: try row.decode("service_type")) else { return nil }
        let path: String = try row.decode("path")
        let available: Int? = try row.decode("nodes_available")
        let total: Int? = try row.decode("nodes_total")
        var nodes: ServiceHealth.Nodes?
        if let available, let total { nodes = .init(available: available, total: total) }
        return ServiceHealth(
            serviceType: serviceType, lastChecked: try row.decode("last_checked", as: Date?.self), latency: try row.decode("latency"),
            healthy: try row.decode("healthy"), message: try row.decode("message"), path: path.isEmpty ? nil : path, nodes: nodes)
    }

    public func changes() -> AsyncStream<ServicesHealthChange> {
        let notifications = pool.notifications(on: Self.channel)
        return AsyncStream {
            var iterator = notifications.makeAsyncIterator()
            switch await iterator.next() {
            case .reconnected: return .missedSome
            case .received(let system): return .changed(system: system)
            case nil: return nil
            }
        }
    }

    static let migrations = [
        Migration(
            id: 1, name: "services_health",
            sql: """
                CREATE TABLE services_health (
                    system text NOT NULL,
                    service_type text NOT NULL,
                    path text NOT NULL DEFAULT '',
                    last_checked timestamptz,
                    latency double precision CHECK (latency >= 0),
                    healthy boolean NOT NULL,
                    message text,
                    nodes_available bigint CHECK (nodes_available >= 0),
                    nodes_total bigint CHECK (nodes_total >= 0),
                    PRIMARY KEY (system, service_type, path)
                )
                """)
    ]
}
