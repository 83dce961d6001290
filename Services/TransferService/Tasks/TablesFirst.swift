import GoldcrestPostgres
import ServiceLifecycle

/// A service that begins its work when the tables are there on which it works.
struct TablesFirst<Work: Service>: Service {
    let migration: SchemaMigration
    let work: Work

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !migration.isDone, (try? await Task.sleep(for: .milliseconds(50))) != nil {}
        }
        // After a shutdown it ends by itself at once.
        try await work.run()
    }
}
