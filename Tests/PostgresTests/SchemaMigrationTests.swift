import GoldcrestPostgres
import PostgresTesting
import ServiceLifecycle
import Testing

@Suite("The migration of a service")
struct SchemaMigrationTests {
    @Test("is done when the tables are up to date, not before")
    func done() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let migration = SchemaMigration(of: "tests", logger: TestDatabase.quiet) {
            start.finish()
            for await _ in gate {}
        }
        let run = Task { try await migration.run() }
        defer { run.cancel() }
        for await _ in started {}
        #expect(!migration.isDone)
        opening.finish()
        let limit = ContinuousClock.now + .seconds(20)
        while !migration.isDone, ContinuousClock.now < limit { try await Task.sleep(for: .milliseconds(5)) }
        #expect(migration.isDone)
    }
}
