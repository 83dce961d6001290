import FoundationEssentials
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Testing

@testable import TransferService

@Suite("The submission of a transfer")
struct TransferSubmissionTests {
    private let store = InMemoryTransferTaskStore()

    private struct Wanted {
        var plan: FileTransferPlan
        var key: String?
    }

    private func copy(_ source: String = "/home/ada/it's", dereference: Bool = false, key: String? = nil) throws -> Wanted {
        let plan = FileTransferPlan(
            transfer: .copy(
                source: try AbsolutePath(normalising: source), target: try AbsolutePath(normalising: "/scratch/a/x"), dereference: dereference),
            account: nil)
        return Wanted(plan: plan, key: key)
    }

    private func submit(
        _ request: Wanted, _ fake: FakeServices, in store: (any TransferTaskStore)? = nil
    ) async throws -> (task: TransferTask, jobID: String) {
        try await TransferSubmission(tasks: store ?? self.store, services: fake.services).submit(
            request.plan, idempotencyKey: request.key, on: fake.cluster, as: .init(user: "ada", token: "t"), identity: RequestIdentity(), logger: fake.logger)
    }

    private func refusal(of request: Wanted, _ fake: FakeServices, in store: (any TransferTaskStore)? = nil) async throws -> APIError {
        try await #require(throws: APIError.self) { _ = try await submit(request, fake, in: store) }
    }

    private func tasks() async throws -> [TransferTask] { try await store.list(username: "ada", system: "cluster", limit: 10) }

    @Test("the task is written down before the job is submitted, and knows its job afterwards")
    func order() async throws {
        try await FakeServices.with { fake async throws in
            fake.change { state in
                state.duringSubmission = { [store] in
                    let tasks = try await store.list(username: "ada", system: "cluster", limit: 10)
                    #expect(tasks.map(\.state) == [.accepted])
                }
            }
            let (task, jobID) = try await submit(copy(), fake)
            #expect(jobID == "4711" && task.state == .submitted && task.jobID == "4711")
            guard case .object(let body)? = fake.state.submitted.first, case .object(let job)? = body["job"] else {
                Issue.record("no job was submitted")
                return
            }
            let id = task.id.uuidString.lowercased()
            #expect(job["name"] == .string("goldcrest-transfer-\(id)"))
            #expect(job["workingDirectory"] == "/home/ada")
            #expect(job["standardOutput"] == .string("/home/ada/.f7t_file_handling_job_\(id).log"))
            #expect(job["standardError"] == .string("/home/ada/.f7t_file_handling_job_error_\(id).log"))
        }
    }

    @Test("a refusal fails the task, and its words go to the client", arguments: [HTTPResponse.Status.badRequest, .forbidden, .notImplemented])
    func refusal(status: HTTPResponse.Status) async throws {
        try await FakeServices.with { fake async throws in
            fake.change { $0.submission = .refusal(status, "Invalid account") }
            let error = try await refusal(of: copy(), fake)
            #expect(error.status == status && error.message == "Invalid account")
            let task = try #require(try await tasks().first)
            #expect(task.state == .failed && task.error == "Invalid account" && task.endedAt != nil)
        }
    }

    @Test(
        "after an error that leaves open whether there is a job, the task waits for the reconciler",
        arguments: [HTTPResponse.Status.requestTimeout, .failedDependency, .internalServerError, .serviceUnavailable, .gatewayTimeout])
    func uncertainty(status: HTTPResponse.Status) async throws {
        try await FakeServices.with { fake async throws in
            fake.change { $0.submission = .refusal(status, "?") }
            let error = try await refusal(of: copy(), fake)
            #expect(error.status == status)
            #expect(try await tasks().map(\.state) == [.accepted])
        }
    }

    @Test("a missing or unreadable source is told at once, and nothing is written down")
    func source() async throws {
        try await FakeServices.with { fake async throws in
            fake.change { $0.head = .refusal(.forbidden, "Permission denied") }
            #expect(try await refusal(of: copy(), fake).status == .forbidden)
            fake.change { $0.stat = .refusal(.notFound, "No such file or directory") }
            #expect(try await refusal(of: copy(), fake).status == .notFound)
            #expect(try await tasks().isEmpty)
            #expect(fake.state.submitted.isEmpty)
        }
    }

    @Test("what cannot be opened without waiting is not read to see whether it could be", arguments: [Int64(0o010_644), 0o120_777, 0o140_755])
    func special(mode: Int64) async throws {
        try await FakeServices.with { fake async throws in
            fake.change {
                $0.stat = .init(json: ["output": FakeServices.stat(mode: mode)])
                $0.head = .refusal(.requestTimeout, "hangs")
            }
            #expect(try await submit(copy(), fake).jobID == "4711")
        }
    }

    @Test("a repeated key returns the first task, also when its source is gone since; another request is refused")
    func idempotency() async throws {
        try await FakeServices.with { fake async throws in
            let first = try await submit(copy(key: "k"), fake)
            fake.change { $0.stat = .refusal(.notFound, "No such file or directory") }
            #expect(try await submit(copy(key: "k"), fake).task.id == first.task.id)
            for other in [try copy("/home/ada/else", key: "k"), try copy(dereference: true, key: "k")] {
                #expect(try await refusal(of: other, fake).status == .unprocessableContent)
            }
            #expect(fake.state.submitted.count == 1)
        }
    }

    @Test("a repeated key whose first request found no job says so")
    func idempotencyWithoutJob() async throws {
        try await FakeServices.with { fake async throws in
            fake.change { $0.submission = .refusal(.badRequest, "no") }
            _ = try? await submit(copy(key: "k"), fake)
            let error = try await refusal(of: copy(key: "k"), fake)
            #expect(error.status == .conflict && error.message.contains("failed"))
        }
    }

    @Test("without the database nothing is submitted")
    func databaseAway() async throws {
        try await FakeServices.with { fake async throws in
            let pool = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/none", logger: fake.logger)
            let error = try await refusal(of: copy(), fake, in: PostgresTransferTaskStore(pool: pool))
            #expect(error.status == .serviceUnavailable)
            #expect(fake.state.submitted.isEmpty)
            await pool.close()
        }
    }
}
