public import Logging
public import ServiceLifecycle
import Synchronization

/// Brings the tables of a store up to date as soon as the database is there, however long that takes; a service starts without waiting for it.
public final class SchemaMigration: Service, Sendable {
    private static let retryInterval = Duration.seconds(2)

    private let name: String
    private let migrate: @Sendable () async throws -> Void
    private let logger: Logger
    private let done = Mutex(false)

    /// - Parameters:
    ///   - name: What is migrated, for the log.
    ///   - migrate: Does nothing where all is up to date.
    public init(of name: String, logger: Logger, _ migrate: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.migrate = migrate
        self.logger = logger
    }

    /// Whether the tables are up to date. Before that a service is not ready, whatever else works.
    public var isDone: Bool { done.withLock { $0 } }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.migrateOnce()
            // A service that returned would take the others down with it.
            _ = try? await Task.sleep(for: .seconds(Int32.max))
        }
    }

    private func migrateOnce() async {
        var complaint = ""
        while !Task.isCancelled {
            do {
                try await migrate()
                done.withLock { $0 = true }
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
