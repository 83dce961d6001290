import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import Logging
import PostgresTesting
import StackTesting
import Testing

@testable import TransferService

@Suite("Clearing a real storage")
struct StagingClearanceIntegrationTests {
    enum End: String, CaseIterable, Sendable {
        case succeeded, failed, cancelled
    }

    /// What a task's transfer would have staged: an object, an upload that is written down, and one that a crash came before.
    private func stage(for task: ShownTask, in fixture: TransferFixture, _ store: ObjectStore) async throws -> BucketName {
        let bucket = BucketName(ofUser: fixture.user)
        let known = try await store.beginMultipartUpload(of: ObjectName(bucket: bucket, key: "\(task.id)/a file"))
        _ = try await store.beginMultipartUpload(of: ObjectName(bucket: bucket, key: "\(task.id)/forgotten"))
        try await store.put(Array("content".utf8), to: ObjectName(bucket: bucket, key: "\(task.id)/object"))
        let staged = JSONColumn(StagedObject(bucket: bucket.rawValue, key: "\(task.id)/a file", uploadID: known.id))
        _ = try await fixture.database { pool in
            try await pool.execute("UPDATE transfer_tasks SET staged = \(staged) WHERE id = \(task.id)::uuid")
        }
        return bucket
    }

    private func count(_ task: ShownTask, _ bucket: BucketName, _ store: ObjectStore) async throws -> Int {
        let uploads = try await store.uploads(withPrefix: "\(task.id)/", in: bucket).count
        let object = try await store.head(ObjectName(bucket: bucket, key: "\(task.id)/object"))
        return uploads + (object == nil ? 0 : 1)
    }

    private func withStore(_ fixture: TransferFixture, _ body: (ObjectStore) async throws -> Void) async throws {
        let settings = try Settings.load(from: try fixture.stack["YAML_CONFIG_FILE"]).settings
        let cluster = try #require(settings.clusters.first { $0.name == fixture.system })
        guard case .s3(let storage)? = cluster.dataOperation.dataTransfer else { throw Unexpected(description: "the stack has no S3") }
        try await body(try ObjectStore(storage, client: fixture.client, logger: TestDatabase.quiet))
    }

    @Test("nothing is left of a task that has ended, whichever way, and what was not written down is found", arguments: End.allCases)
    func ends(end: End) async throws {
        try await TransferFixture.with(changing: { cluster in
            // Long enough to stage something before the end, and without an end where it is to be cancelled.
            cluster.dataOperation.datatransferJobsDirectives.append("#SBATCH --begin=now+\(end == .cancelled ? "1hour" : "8")")
        }) { fixture async throws in
            try await withStore(fixture) { store in
                let path = "\(fixture.directory)/file"
                try Data("x".utf8).write(to: URL(filePath: path))
                let target = "\(fixture.directory)/\(end == .failed ? "nowhere/" : "")copy"
                let answer = try await fixture.transfer("cp", ["path": .string(path), "targetPath": .string(target)])
                let task = try await fixture.task(ofJob: try answer.job().jobId)
                let bucket = try await stage(for: task, in: fixture, store)
                let staged = try await count(task, bucket, store)
                #expect(staged == 3)
                if end == .cancelled {
                    let answer = try await fixture.tasks(.delete, "/\(task.id)")
                    #expect(answer.status == .noContent)
                }
                try await eventually(within: .seconds(120), "the task has ended") { try await fixture.show(task.id).state == end.rawValue }
                try await eventually(within: .seconds(15), "nothing is left") { try await count(task, bucket, store) == 0 }
                try await eventually("that is written down") {
                    try await fixture.database { pool in
                        try await pool.query("SELECT staged IS NULL AS gone FROM transfer_tasks WHERE id = \(task.id)::uuid").first?.decode("gone") == true
                    }
                }
            }
        }
    }

    @Test("what a successful download has staged stays for its user, until its time is over")
    func download() async throws {
        try await TransferFixture.with(changing: { cluster in
            cluster.dataOperation.datatransferJobsDirectives.append("#SBATCH --begin=now+5")
            guard case .s3(var storage)? = cluster.dataOperation.dataTransfer else { return }
            storage.ttl = .seconds(10)
            cluster.dataOperation.dataTransfer = .s3(storage)
        }) { fixture async throws in
            try await withStore(fixture) { store in
                let task = try await fixture.removal(of: "file")
                let bucket = try await stage(for: task, in: fixture, store)
                _ = try await fixture.database { pool in
                    try await pool.execute(
                        "UPDATE transfer_tasks SET request = request || '{\"operation\": \"download\"}' WHERE id = \(task.id)::uuid")
                }
                try await eventually(within: .seconds(120), "the task has ended") { try await fixture.show(task.id).state == "succeeded" }
                try await Task.sleep(for: .seconds(3))
                let kept = try await count(task, bucket, store)
                #expect(kept == 3)
                try await eventually(within: .seconds(90), "nothing is left") { try await count(task, bucket, store) == 0 }
            }
        }
    }
}
