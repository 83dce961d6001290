import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Logging
import StackTesting
import Testing

@testable import TransferService

@Suite("Jobs of a real scheduler at a real object storage")
struct S3JobTests {
    private static let partSize = 5 << 20
    private static let sizes = [0, 1, partSize, 2 * partSize + 7]
    private static let key = "it's a \"b\" & ünï.dat"

    /// What the jobs of one test work with.
    private struct Site: Sendable {
        let fixture: TransferFixture
        let store: ObjectStore
        let object: ObjectName

        func path(_ name: String) throws -> AbsolutePath { try AbsolutePath(normalising: fixture.directory).appending(name) }

        func url(_ method: HTTPRequest.Method) throws -> String {
            try store.presignedURL(method, object, at: .privateEndpoint, expiresIn: .seconds(600))
        }

        func upload(size: Int, to name: String, patience: Duration = .seconds(60)) throws -> TransferJobWork {
            S3UploadWork(
                headURL: try url(.head), getURL: try url(.get), size: size, target: try path(name), partSize: S3JobTests.partSize, parallelRuns: 3,
                patience: patience
            ).work
        }

        func download(size: Int, from name: String, of upload: MultipartUpload) throws -> TransferJobWork {
            try S3DownloadWork(
                source: try path(name), size: size, partSize: S3JobTests.partSize,
                partURLs: try store.presignedPartURLs(
                    of: upload, count: S3DownloadWork.partCount(of: size, partSize: S3JobTests.partSize), at: .privateEndpoint,
                    expiresIn: .seconds(600)),
                completeURL: try store.presignedCompletionURL(of: upload, at: .privateEndpoint, expiresIn: .seconds(600)),
                abortURL: try store.presignedURL(
                    .delete, object, query: [("uploadId", upload.id)], at: .privateEndpoint, expiresIn: .seconds(600)),
                headURL: try url(.head), parallelRuns: 3
            ).work
        }

        func submit(_ work: TransferJobWork) async throws -> String {
            let script = try TransferJobScript(taskID: UUID(), scheduler: .slurm, directives: [], work: work).text()
            let job: JSONValue = [
                "name": "s3-job", "workingDirectory": .string(fixture.directory), "script": .string(script),
                "standardOutput": .string("\(fixture.directory)/.output"), "standardError": .string("\(fixture.directory)/.errors"),
            ]
            let answer = try await fixture.compute(.post, "jobs", json: ["job": job])
            return try answer.decoded(JobSubmissionAnswer.self).jobId
        }

        func state(of job: String) async throws -> String? {
            try await fixture.compute(.get, "jobs/\(job)").decoded(JobsAnswer.self).jobs.first?.status.state
        }

        /// The job's state when it has ended.
        func end(of job: String) async throws -> String {
            try await eventually(within: .seconds(120), "job \(job) ends") {
                let state = try await state(of: job)
                return state == "PENDING" || state == "RUNNING" || state == "COMPLETING" ? nil : state
            }
        }

        func log(_ name: String) -> String { (try? String(contentsOfFile: "\(fixture.directory)/.\(name)", encoding: .utf8)) ?? "" }

        /// The names in the directory but for the logs.
        func names() throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: fixture.directory)).subtracting([".output", ".errors"])
        }
    }

    private func withSite(_ body: @escaping @Sendable (Site) async throws -> Void) async throws {
        try await TransferFixture.with { fixture async throws in
            let settings = try Settings.load(from: try fixture.stack["YAML_CONFIG_FILE"]).settings
            let storages = settings.clusters.filter { $0.name == fixture.system }.compactMap { cluster in
                if case .s3(let storage) = cluster.dataOperation.dataTransfer { storage } else { nil }
            }
            let client = HTTPClient(logger: Logger(label: "test"))
            let store = try ObjectStore(try #require(storages.first), client: client, logger: Logger(label: "test"))
            let prefix = "s3-jobs-\(UUID().uuidString)/"
            let bucket = BucketName(ofUser: fixture.user)
            let result: Result<Void, any Error>
            do {
                try await store.prepareBucket(bucket)
                try await body(Site(fixture: fixture, store: store, object: ObjectName(bucket: bucket, key: prefix + Self.key)))
                result = .success(())
            } catch {
                result = .failure(error)
            }
            _ = try? await store.abortUploads(withPrefix: prefix, in: bucket)
            _ = try? await store.deleteObjects(withPrefix: prefix, in: bucket)
            await client.shutdown()
            try result.get()
        }
    }

    private static func bytes(_ count: Int) -> Data {
        var random = SystemRandomNumberGenerator()
        var data = Data(capacity: count + 8)
        while data.count < count { withUnsafeBytes(of: random.next()) { data.append(contentsOf: $0) } }
        return data.prefix(count)
    }

    @Test("a file goes into the storage and comes back as it was, in one part and in several", arguments: sizes)
    func thereAndBack(size: Int) async throws {
        try await withSite { site in
            let content = Self.bytes(size)
            try content.write(to: URL(filePath: try site.path(Self.key).string))
            let upload = try await site.store.beginMultipartUpload(of: site.object)
            let download = try await site.submit(try site.download(size: size, from: Self.key, of: upload))
            #expect(try await site.end(of: download) == "COMPLETED", "\(site.log("errors"))")
            #expect(site.log("output").hasSuffix("Uploaded \(size) of \(size) bytes\nMultipart file upload successfully completed\n"))
            #expect(site.log("errors").isEmpty)
            #expect(try await site.store.head(site.object) == size)

            let back = try await site.submit(try site.upload(size: size, to: "back \(Self.key)"))
            #expect(try await site.end(of: back) == "COMPLETED", "\(site.log("errors"))")
            #expect(site.log("output").hasSuffix("File was successfully uploaded.\n"))
            #expect(site.log("errors").isEmpty)
            #expect(try Data(contentsOf: URL(filePath: try site.path("back \(Self.key)").string)) == content)
            #expect(try site.names() == [Self.key, "back \(Self.key)"])
        }
    }

    @Test("a job waits for an upload that comes late")
    func late() async throws {
        try await withSite { site in
            let job = try await site.submit(try site.upload(size: 3, to: "file"))
            try await eventually("the job waits") { site.log("output").contains("Waiting for the file of 3 bytes") }
            try await site.store.put([1, 2, 3], to: site.object)
            #expect(try await site.end(of: job) == "COMPLETED")
            #expect(try Data(contentsOf: URL(filePath: try site.path("file").string)) == Data([1, 2, 3]))
        }
    }

    @Test("a cancelled job leaves neither a temporary file nor an upload behind")
    func cancelled() async throws {
        try await withSite { site in
            let waiting = try await site.submit(try site.upload(size: 3, to: "file"))
            try await eventually("the job waits") { site.log("output").contains("Waiting") }
            #expect(try await site.fixture.compute(.delete, "jobs/\(waiting)").status == .noContent)
            #expect(try await site.end(of: waiting) == "CANCELLED")
            #expect(try site.names().isEmpty)

            // A file of which the job has enough to do until it is cancelled; it has no blocks, so it costs nothing.
            let size = 2000 * Self.partSize
            let path = try site.path("large").string
            try Data().write(to: URL(filePath: path))
            try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: UInt64(size))
            let upload = try await site.store.beginMultipartUpload(of: site.object)
            let sending = try await site.submit(try site.download(size: size, from: "large", of: upload))
            try await eventually("a part is there") { site.log("output").contains("Uploaded \(Self.partSize) of \(size) bytes") }
            #expect(try await site.fixture.compute(.delete, "jobs/\(sending)").status == .noContent)
            #expect(try await site.end(of: sending) == "CANCELLED")
            try await eventually("the upload is aborted") { try await site.store.parts(of: upload) == nil }
            #expect(try await site.store.head(site.object) == nil)
        }
    }

    @Test("a refused signature fails the job at once, and the logs keep the URL secret")
    func refused() async throws {
        try await withSite { site in
            try Data([1]).write(to: URL(filePath: try site.path("file").string))
            var upload = try await site.store.beginMultipartUpload(of: site.object)
            let real = upload
            upload.id = "no-such-upload"
            #expect(try await site.end(of: try await site.submit(try site.download(size: 1, from: "file", of: upload))) == "FAILED")
            #expect(site.log("errors").contains("Part 1: the storage answers 404 (NoSuchUpload"))
            #expect(!(site.log("errors") + site.log("output")).contains("X-Amz"))
            try await site.store.abort(real)
        }
    }

    @Test("a time limit ends the job in the same way as a cancellation")
    func timeLimit() async throws {
        try await withSite { site in
            let script = try TransferJobScript(
                taskID: UUID(), scheduler: .slurm, directives: ["#SBATCH --signal=B:TERM@50", "#SBATCH --time=1"],
                work: try site.upload(size: 3, to: "file", patience: .seconds(600))
            ).text()
            let job: JSONValue = [
                "name": "s3-job", "workingDirectory": .string(site.fixture.directory), "script": .string(script),
                "standardOutput": .string("\(site.fixture.directory)/.output"), "standardError": .string("\(site.fixture.directory)/.errors"),
            ]
            let id = try await site.fixture.compute(.post, "jobs", json: ["job": job]).decoded(JobSubmissionAnswer.self).jobId
            #expect(try await site.end(of: id) == "FAILED")
            #expect(site.log("errors").contains("The transfer failed with exit status 143."))
            #expect(try site.names().isEmpty)
        }
    }
}
