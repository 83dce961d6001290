// Measures what the table of transfers costs when it is full:
//
//     swift build -c release --product transfer-tasks-benchmark && DATABASE_URL=postgresql://… .build/release/transfer-tasks-benchmark [ENDED [OPEN]]
//
// It makes up that many ended (100,000) and open (1,000) tasks of systems that no service knows, prints the median of 20 calls in milliseconds, the
// reading of the rows included, and removes the tasks. The schema is the first of the search path of DATABASE_URL.

import FoundationEssentials
import GoldcrestPostgres
import Logging
import TransferService

private let runs = 20
private let system = "transfer-tasks-benchmark"

private func number(_ index: Int, or standard: Int) -> Int {
    CommandLine.arguments.dropFirst(index).first.flatMap { Int($0) } ?? standard
}

private let endedCount = number(1, or: 100_000)
private let openCount = number(2, or: 1_000)

/// Half of the ended tasks are ada's, a tenth failed; each has the URLs of a download.
private func fill(_ pool: PostgresPool) async throws {
    try await pool.execute(
        """
        INSERT INTO transfer_tasks (
            id, system, username, request, working_directory, output_log, error_log, state, job_id, created_at, ended_at, directives
        )
        SELECT
            gen_random_uuid(), \(system), CASE WHEN n % 2 = 0 THEN 'ada' ELSE 'user-' || n % 100 END,
            '{"operation": "cp", "sourcePath": "/scratch/ada/source", "targetPath": "/scratch/ada/target"}',
            '/home/ada', '/home/ada/output.log', '/home/ada/error.log',
            CASE WHEN n > \(endedCount) THEN 'running' WHEN n % 10 = 0 THEN 'failed' ELSE 'succeeded' END,
            n::text, now() - n * interval '1 second', CASE WHEN n <= \(endedCount) THEN now() END,
            jsonb_build_object('transferMethod', 's3', 'downloadUrl', repeat('x', 500))
        FROM generate_series(1, \(endedCount + openCount)) AS n
        """, deadline: .seconds(120))
    try await pool.execute("ANALYZE transfer_tasks", deadline: .seconds(60))
}

private func measure(_ name: String, _ call: () async throws -> Int) async throws {
    let clock = ContinuousClock()
    var times: [Duration] = []
    var found = 0
    for _ in 0..<runs { times.append(try await clock.measure { found = try await call() }) }
    times.sort()
    print("\(name): \(found) rows in \(((times[runs / 2] / .milliseconds(1)) * 100).rounded() / 100) ms")
}

guard let url = ProcessInfo.processInfo.environment["DATABASE_URL"] else { fatalError("DATABASE_URL is not set") }
private let pool = PostgresPool(url: url, logger: Logger(label: "transfer-tasks-benchmark") { _ in SwiftLogNoOpLogHandler() })
private let store = TransferTaskStore(pool: pool)
try await store.migrate()
try await fill(pool)

private func page(_ states: Set<TransferTaskState> = [], after: TransferTaskCursor? = nil) async throws -> [TransferTask] {
    try await store.list(TransferTaskListing(username: "ada", system: system, states: states, after: after, limit: 100))
}

private func lease(_ duration: Duration) async throws -> Int {
    try await store.leaseOpenTasks(system: system, owner: "benchmark", for: duration, limit: openCount).count
}

private let first = try await page()
try await measure("the newest page") { try await page().count }
try await measure("the next page") { try await page(after: first.last.map { TransferTaskCursor(after: $0) }).count }
try await measure("the newest page of those that failed") { try await page([.failed]).count }
try await measure("the newest page of those that were cancelled") { try await page([.cancelled]).count }
try await measure("the newest page of those that run") { try await page([.running]).count }
// A lease that gets longer each time is renewed each time; one that stays as it is, is not.
private var duration = Duration.seconds(30)
try await measure("leases of all open tasks, renewed") {
    duration *= 3
    return try await lease(duration)
}
try await measure("leases of all open tasks, held") { try await lease(duration) }
try await measure("leases that somebody else holds") {
    try await store.leaseOpenTasks(system: system, owner: "another", for: .seconds(30), limit: openCount).count
}

try await pool.execute("DELETE FROM transfer_tasks WHERE system = \(system)", deadline: .seconds(120))
await pool.close()
