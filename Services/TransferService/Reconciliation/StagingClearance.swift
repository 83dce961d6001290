import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import Logging
import ServiceLifecycle

/// Clears away what transfers have left in object storage, once their tasks have ended. Its troubles are not those of who follows jobs.
struct StagingClearance: Service {
    private static let batch = 20
    /// How many tasks' objects are cleared away at a time.
    private static let width = 4
    private static let deadline = Duration.seconds(60)
    /// How often is looked for what is due of which nobody told, such as what another replica has left behind.
    private static let longestPause = Duration.seconds(60)

    let tasks: TransferTaskStore
    let logger: Logger
    private let storages: [String: any StagingStorage]
    private let wakeups: [String: Wakeup]

    /// - Parameter storages: By the names of the systems.
    init(storages: [String: any StagingStorage], tasks: TransferTaskStore, logger: Logger) {
        self.storages = storages
        self.tasks = tasks
        self.logger = logger
        wakeups = storages.mapValues { _ in Wakeup() }
    }

    /// Something may be due at once.
    func taskEnded(on system: String) { wakeups[system]?.call() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for (system, storage) in storages { group.addTask { await clear(storage, of: system) } }
                // Without storage there is nothing to do until the service stops.
                group.addTask { _ = try? await Task.sleep(for: .seconds(Int32.max)) }
                await group.waitForAll()
            }
        }
    }

    private func clear(_ storage: any StagingStorage, of system: String) async {
        guard let wakeup = wakeups[system] else { return }
        var trouble = TroubleLog("staged objects cannot be cleared away", metadata: ["system": "\(system)"], logger: logger)
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                let pause = try await round(storage, of: system)
                trouble.succeeded()
                backoff.reset()
                await wakeup.sleep(atMost: pause)
            } catch {
                guard !Task.isCancelled else { return }
                trouble.failed(error)
                try? await Task.sleep(for: backoff.afterFailure())
            }
        }
    }

    /// Clears away what is due.
    ///
    /// - Returns: How long until more is due.
    /// - Throws: An error of the database, or the first one of the storage after everything that is due was tried. What failed is due again later.
    func round(_ storage: any StagingStorage, of system: String) async throws -> Duration {
        let due = try await tasks.leaseTasksToClear(system: system, limit: Self.batch)
        let outcomes = await withTaskGroup(of: (id: UUID, error: (any Error)?).self) { group in
            var outcomes: [(id: UUID, error: (any Error)?)] = []
            for (index, task) in due.enumerated() {
                if index >= Self.width, let outcome = await group.next() { outcomes.append(outcome) }
                group.addTask { (task.id, await clear(storage, of: task)) }
            }
            return await group.reduce(into: outcomes) { $0.append($1) }
        }
        let cleared = outcomes.filter { $0.error == nil }.map(\.id)
        if !cleared.isEmpty { try await tasks.cleared(cleared) }
        if let error = outcomes.lazy.compactMap(\.error).first { throw error }
        guard due.count < Self.batch else { return .zero }
        guard let next = try await tasks.nextClearing(system: system) else { return Self.longestPause }
        return min(max(.seconds(next.timeIntervalSinceNow), .seconds(1)), Self.longestPause)
    }

    private func clear(_ storage: any StagingStorage, of task: TransferTask) async -> (any Error)? {
        guard let staged = task.staged else { return nil }
        do {
            try await storage.clear(staged, of: task.id, deadline: Self.deadline)
            return nil
        } catch {
            return error
        }
    }
}

/// Where objects lie between the users' machines and a system.
protocol StagingStorage: Sendable {
    /// Removes everything of a task, whether it was written down or not; what is not there is no error.
    func clear(_ staged: StagedObject, of taskID: UUID, deadline: Duration) async throws
}
