import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestShell
import HTTPTypes
import Testing

@testable import TransferService

@Suite("The submission of a transfer")
struct TransferSubmissionTests {
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
        _ request: Wanted, _ fake: FakeServices, _ store: TransferTaskStore, on cluster: Cluster? = nil
    ) async throws -> (task: TransferTask, jobID: String) {
        try await TransferSubmission(tasks: store, services: fake.services).submit(
            request.plan, idempotencyKey: request.key, on: cluster ?? fake.cluster, as: .init(user: "ada", token: "t"), identity: RequestIdentity(),
            logger: fake.logger)
    }

    private func refusal(of request: Wanted, _ fake: FakeServices, _ store: TransferTaskStore, on cluster: Cluster? = nil) async throws -> APIError {
        try await #require(throws: APIError.self) { _ = try await submit(request, fake, store, on: cluster) }
    }

    @Test("the task is written down before the job is submitted, and knows its job afterwards")
    func order() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { state in
                state.duringSubmission = {
                    let states = try await store.tasks().map(\.state)
                    #expect(states == [.accepted])
                }
            }
            let (task, jobID) = try await submit(copy(), fake, store)
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
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.submission = .refusal(status, "Invalid account") }
            let error = try await refusal(of: copy(), fake, store)
            #expect(error.status == status && error.message == "Invalid account")
            let task = try #require(try await store.tasks().first)
            #expect(task.state == .failed && task.error == "Invalid account" && task.endedAt != nil)
        }
    }

    @Test(
        "after an error that leaves open whether there is a job, the task waits for the reconciler",
        arguments: [HTTPResponse.Status.requestTimeout, .failedDependency, .internalServerError, .serviceUnavailable, .gatewayTimeout])
    func uncertainty(status: HTTPResponse.Status) async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.submission = .refusal(status, "?") }
            let error = try await refusal(of: copy(), fake, store)
            #expect(error.status == status)
            #expect(try await store.tasks().map(\.state) == [.accepted])
        }
    }

    @Test("a missing or unreadable source is told at once, and nothing is written down")
    func source() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.head = .refusal(.forbidden, "Permission denied") }
            #expect(try await refusal(of: copy(), fake, store).status == .forbidden)
            fake.change { $0.stat = .refusal(.notFound, "No such file or directory") }
            #expect(try await refusal(of: copy(), fake, store).status == .notFound)
            #expect(try await store.tasks().isEmpty)
            #expect(fake.state.submitted.isEmpty)
        }
    }

    @Test("what cannot be opened without waiting is not read to see whether it could be", arguments: [Int64(0o010_644), 0o120_777, 0o140_755])
    func special(mode: Int64) async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change {
                $0.stat = .init(json: ["output": FakeServices.stat(mode: mode)])
                $0.head = .refusal(.requestTimeout, "hangs")
            }
            #expect(try await submit(copy(), fake, store).jobID == "4711")
        }
    }

    // MARK: - Repeated requests

    @Test("a repeated key returns the first task, also when its source is gone since; another request is refused, and one on another system")
    func idempotency() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            let first = try await submit(copy(key: "k"), fake, store)
            fake.change { $0.stat = .refusal(.notFound, "No such file or directory") }
            let again = try await submit(copy(key: "k"), fake, store)
            #expect(again.task == first.task && again.jobID == first.jobID)
            for other in [try copy("/home/ada/else", key: "k"), try copy(dereference: true, key: "k")] {
                #expect(try await refusal(of: other, fake, store).status == .unprocessableContent)
            }
            var elsewhere = fake.cluster
            elsewhere.name = "elsewhere"
            #expect(try await refusal(of: copy(key: "k"), fake, store, on: elsewhere).status == .unprocessableContent)
            #expect(fake.state.submitted.count == 1)
        }
    }

    @Test("what the client was told is told again when the request is repeated")
    func directives() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            let plan = StagingPlan()
            func submit() async throws -> TransferTask {
                try await TransferSubmission(tasks: store, services: fake.services).submit(
                    plan, idempotencyKey: "k", on: fake.cluster, as: .init(user: "ada", token: "t"), identity: RequestIdentity(), logger: fake.logger
                ).task
            }
            let first = try await submit()
            #expect(first.directives?.downloadUrl == "https://s3/\(first.id)" && first.staged?.uploadID == "u")
            #expect(try await submit() == first)
        }
    }

    @Test("of ten at once with the same key one submits a job; the others are told to wait, or its job")
    func tenAtOnce() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.duringSubmission = { try await Task.sleep(for: .milliseconds(300)) } }
            let wanted = try copy(key: "k")
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do {
                            return try await submit(wanted, fake, store).jobID
                        } catch let error as APIError {
                            return "\(error.status.code) \(error.headerFields[.retryAfter] ?? "")"
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.contains("4711"))
            #expect(outcomes.allSatisfy { ["4711", "409 2"].contains($0) }, "\(outcomes)")
            #expect(fake.state.submitted.count == 1)
            #expect(try await submit(wanted, fake, store).jobID == "4711")
        }
    }

    @Test("a repeated key whose first request was refused is refused in the same words", arguments: [HTTPResponse.Status.badRequest, .forbidden])
    func repeatedRefusal(status: HTTPResponse.Status) async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.submission = .refusal(status, "Invalid account") }
            let first = try await refusal(of: copy(key: "k"), fake, store)
            fake.change { $0.submission = .init(status: .created, json: ["jobId": "1"]) }
            #expect(try await refusal(of: copy(key: "k"), fake, store) == first)
            #expect(fake.state.submitted.count == 1)
        }
    }

    @Test("a repeated key whose first request failed for what has passed since is a first one", arguments: [true, false])
    func repeatedFailure(inPreparation: Bool) async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            func submit() async throws -> (task: TransferTask, jobID: String) {
                try await TransferSubmission(tasks: store, services: fake.services).submit(
                    StagingPlan(isBroken: inPreparation && fake.state.submission.status == .unauthorized), idempotencyKey: "k", on: fake.cluster,
                    as: .init(user: "ada", token: "t"), identity: RequestIdentity(), logger: fake.logger)
            }
            fake.change { $0.submission = .refusal(.unauthorized, "The token has expired") }
            let error = try await #require(throws: APIError.self) { _ = try await submit() }
            #expect(error.status == (inPreparation ? .badGateway : .unauthorized))
            fake.change { $0.submission = .init(status: .created, json: ["jobId": "2"]) }
            #expect(try await submit().jobID == "2")
            #expect(try await store.tasks().map(\.state) == [.submitted, .failed])
            #expect(fake.state.submitted.count == (inPreparation ? 1 : 2))
        }
    }

    @Test("a request repeated after the first one ended without a word waits, then adopts its job or submits it", arguments: [true, false])
    func takeOver(hasJob: Bool) async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.submission = .refusal(.gatewayTimeout, "?") }
            _ = try? await submit(copy(key: "k"), fake, store)
            fake.change { $0.submission = .init(status: .created, json: ["jobId": "8"]) }
            let task = try #require(try await store.tasks().first)
            let waiting = try await refusal(of: copy(key: "k"), fake, store)
            #expect(waiting.status == .conflict && waiting.headerFields[.retryAfter] != nil)

            let ends = task.submissionEndsAt.timeIntervalSince(task.createdAt)
            #expect(abs(ends - (TransferSubmission.preparationTime + fake.cluster.submissionBound) / .seconds(1)) < 0.001)
            try await store.pool.execute("UPDATE transfer_tasks SET submission_ends_at = now()")
            let name = TransferJobScript.jobName(of: task.id)
            fake.change { $0.jobs = [.whole("5", name, user: "eve"), .whole("6", "other")] + (hasJob ? [.whole("7", name)] : []) }
            let outcome = try await submit(copy(key: "k"), fake, store)
            #expect(outcome.task.id == task.id && outcome.task.state == .submitted && outcome.jobID == (hasJob ? "7" : "8"))
            #expect(fake.state.submitted.count == (hasJob ? 1 : 2))
            #expect(fake.state.asked.contains { $0.hasPrefix("GET /compute/cluster/jobs?name=\(name)") })
        }
    }

    @Test("while the scheduler cannot be asked for the job, nothing is submitted a second time")
    func takeOverWithoutAnswer() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            fake.change { $0.submission = .refusal(.gatewayTimeout, "?") }
            _ = try? await submit(copy(key: "k"), fake, store)
            try await store.pool.execute("UPDATE transfer_tasks SET submission_ends_at = now()")
            fake.change { $0.jobs = ["garbage"] }
            for _ in 0..<2 { #expect(try await refusal(of: copy(key: "k"), fake, store).status == .badGateway) }
            #expect(fake.state.submitted.count == 1)
            #expect(try await store.tasks().map(\.attempts) == [3])
        }
    }

    @Test("a client that goes away leaves no half-submitted task behind")
    func cancellation() async throws {
        try await TransferTaskStore.withFakeServices { fake, store async throws in
            let wanted = try copy(key: "k")
            let (begun, hasBegun) = AsyncStream<Void>.makeStream()
            fake.change {
                $0.duringSubmission = {
                    hasBegun.finish()
                    try await Task.sleep(for: .milliseconds(300))
                }
            }
            let request = Task { try await submit(wanted, fake, store) }
            for await _ in begun {}
            request.cancel()
            _ = try? await request.value
            #expect(try await store.tasks().map(\.state) == [.submitted])
        }
    }

    @Test("without the database nothing is submitted")
    func databaseAway() async throws {
        try await FakeServices.with { fake async throws in
            let pool = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/none", logger: fake.logger)
            let error = try await refusal(of: copy(), fake, TransferTaskStore(pool: pool))
            #expect(error.status == .serviceUnavailable)
            #expect(fake.state.submitted.isEmpty)
            await pool.close()
        }
    }
}

/// A download whose file is staged, and whose preparation can fail.
private struct StagingPlan: TransferPlan {
    var isBroken = false
    let request = TransferRequest(operation: .download, sourcePath: "/home/ada/x", transferMethod: .s3)

    func inspect(_ files: UserFiles) async throws {}

    func stagedObject(of taskID: UUID) -> StagedObject? { StagedObject(bucket: "ada", key: "\(taskID)/x") }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        if isBroken { throw APIError(.badGateway, "The object storage does not answer") }
        return PreparedTransfer(
            work: TransferJobWork(script: "true", successMessage: "Done."),
            directives: TransferDirectives(transferMethod: .s3, downloadUrl: "https://s3/\(taskID)"),
            staged: StagedObject(bucket: "ada", key: "\(taskID)/x", uploadID: "u"))
    }
}

extension JSONValue {
    /// A job with all that compute-service tells of one.
    fileprivate static func whole(_ id: String, _ name: String, user: String = "ada") -> JSONValue {
        guard case .object(var job) = FakeServices.job(id, name, user: user, "RUNNING") else { return .null }
        for (key, value) in [
            "time": ["elapsed": 0, "limit": 60, "start": .null, "end": .null, "suspended": 0], "allocationNodes": 1, "cluster": "c", "nodes": "n",
            "partition": "p", "workingDirectory": "/",
        ] as [String: JSONValue] { job[key] = value }
        return .object(job)
    }
}
