import FoundationEssentials
import PostgresTesting

@testable import TransferService

extension TransferTaskStore {
    /// Lends a store with an empty table of its own.
    static func withFreshTable(
        maximumConnections: Int = 4, isolation: isolated (any Actor)? = #isolation, _ body: (TransferTaskStore) async throws -> Void
    ) async throws {
        try await TestDatabase.withPool(maximumConnections: maximumConnections) { pool async throws in
            let store = TransferTaskStore(pool: pool)
            try await store.migrate()
            try await body(store)
        }
    }

    /// Lends a store with an empty table of its own, and services to call.
    static func withFakeServices(_ body: @escaping @Sendable (FakeServices, TransferTaskStore) async throws -> Void) async throws {
        try await FakeServices.with { fake async throws in
            try await withFreshTable { store async throws in try await body(fake, store) }
        }
    }

    /// Writes a task down whose submission ends after so long: at once, unless told otherwise.
    func insert(_ task: NewTransferTask, submissionWithin bound: Duration = .zero) async throws -> TransferTask {
        try await insert(task, submissionWithin: bound).task
    }

    /// All of ada's tasks on the cluster, the newest first.
    func tasks() async throws -> [TransferTask] {
        try await list(TransferTaskListing(username: "ada", system: "cluster", limit: 1000))
    }
}

extension NewTransferTask {
    /// A task of ada's on the cluster, as tests need one.
    static func example(
        _ operation: TransferOperation = .cp, of username: String = "ada", id: UUID = UUID(), system: String = "cluster", key: String? = nil,
        source: String? = "/home/ada/a b", staged: Bool = false
    ) -> NewTransferTask {
        NewTransferTask(
            id: id, system: system, username: username, request: TransferRequest(operation: operation, sourcePath: source, targetPath: "/scratch/'x'"),
            idempotencyKey: key,
            files: TransferJobFiles(workingDirectory: "/home/ada", outputLog: "/home/ada/out.log", errorLog: "/home/ada/err.log"),
            staged: staged ? StagedObject(bucket: "ada", key: "\(id)/x", uploadID: "u") : nil)
    }
}
