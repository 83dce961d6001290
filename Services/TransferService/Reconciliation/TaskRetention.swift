import Logging
import ServiceLifecycle

/// Forgets tasks that ended long ago, so that the table does not grow for ever.
struct TaskRetention: Service {
    /// Three months: longer than anybody looks for what became of a transfer, or repeats a request with its key.
    private static let age = Duration.seconds(90 * 24 * 3600)
    private static let interval = Duration.seconds(3600)
    private static let batch = 1000

    let tasks: TransferTaskStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var trouble = TroubleLog("old transfer tasks cannot be deleted", logger: logger)
            // Copies that start together need not do it together.
            try? await Task.sleep(for: Self.interval * Double.random(in: 0...1))
            while !Task.isCancelled {
                do {
                    while try await tasks.deleteTasks(endedBefore: Self.age, limit: Self.batch) == Self.batch {}
                    trouble.succeeded()
                } catch {
                    trouble.failed(error)
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
