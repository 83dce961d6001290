import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

extension ObjectStore: StagingStorage {
    /// Whatever was begun for a task has a key below the task's id, whether it was written down or a crash came before.
    func clear(_ staged: StagedObject, of taskID: UUID, deadline: Duration) async throws {
        let (bucket, prefix) = (BucketName(rawValue: staged.bucket), "\(taskID.uuidString.lowercased())/")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // In this order: a user may be completing an upload, which makes an object of it.
                _ = try await abortUploads(withPrefix: prefix, in: bucket)
                _ = try await deleteObjects(withPrefix: prefix, in: bucket)
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw APIError(.gatewayTimeout, "the storage \(settings.name) does not answer in time")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
