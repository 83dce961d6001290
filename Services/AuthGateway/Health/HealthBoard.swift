import GoldcrestProtocol
import GoldcrestServicesHealth
import Logging
import ServiceLifecycle
import Synchronization

/// Keeps the health of all systems at hand: reads it when the health checker says that it changed, and now and then in case that word was lost.
final class HealthBoard: Service, Sendable {
    private static let rereadInterval = Duration.seconds(30)

    private let store: any ServicesHealthStore
    private let systems: Set<String>
    private let logger: Logger
    private let snapshot = Mutex(HealthSnapshot(version: 0, systems: [:]))

    /// - Parameter systems: The names of the configured systems; what is stored of others is ignored.
    init(store: any ServicesHealthStore, systems: [String], logger: Logger) {
        self.store = store
        self.systems = Set(systems)
        self.logger = logger
    }

    var current: HealthSnapshot { snapshot.withLock { $0 } }

    func knows(_ system: String) -> Bool { systems.contains(system) }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.followChanges() }
                tasks.addTask { await self.rereadRegularly() }
                try await tasks.waitForAll()
            }
        }
    }

    private func followChanges() async {
        for await _ in store.changes() { await read() }
    }

    private func rereadRegularly() async {
        while (try? await Task.sleep(for: Self.rereadInterval)) != nil { await read() }
    }

    /// Without the database the last known health stays in force.
    private func read() async {
        do {
            let known = try await store.all().filter { systems.contains($0.system) }
            let bySystem = Dictionary(known.map { ($0.system, $0) }) { $1 }
            snapshot.withLock { $0 = HealthSnapshot(version: $0.version + 1, systems: bySystem) }
        } catch is CancellationError {
            return
        } catch {
            logger.debug("the health of the systems could not be read", metadata: ["error": "\(error)"])
        }
    }
}
