public import Logging
public import ServiceLifecycle

/// Brings the tables of a store up to date as soon as the database is there, however long that takes; a service starts without waiting for it.
public struct SchemaMigration: Service {
    private static let retryInterval = Duration.seconds(2)

    private let name: String
    private let migrate: @Sendable () async throws -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - name: What is migrated, for the log.
    ///   - migrate: Does nothing where all is up to date.
    public init(of name: String, logger: Logger, _ migrate: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.migrate = migrate
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await migrateOnce()
            // A service that returned would take the others down with it.
            _ = try? await Task.sleep(for: .seconds(Int32.max))
        }
    }

    private func migrateOnce() async {
        var complaint = ""
        while !Task.isCancelled {
            do {
                try await migrate()
                logger.info("the tables are up to date", metadata: ["tables": "\(name)"])
                return
            } catch {
                // The same trouble is logged once, not at every try.
                if complaint != "\(error)" {
                    logger.warning("the tables cannot be brought up to date yet", metadata: ["tables": "\(name)", "error": "\(error)"])
                }
                complaint = "\(error)"
                try? await Task.sleep(for: Self.retryInterval)
            }
        }
    }
}
