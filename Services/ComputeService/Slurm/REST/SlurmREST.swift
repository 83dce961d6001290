import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import Logging
import NIOCore

/// Slurm through slurmrestd.
///
/// slurmrestd acts as the user whose name and token each request carries; nothing is done in the name of a service.
struct SlurmREST: Scheduler {
    let client: HTTPClient
    /// Where slurmrestd listens, such as `http://localhost:6820`.
    let url: String
    /// The version of its API, such as `0.0.42`.
    let version: String
    /// The longest that one request may take.
    let timeout: Duration
    let logger: Logger
    let accountingPresence = AccountingPresence()
    let rememberedQueues = RememberedQueues()

    // MARK: - Jobs

    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String {
        let version = try apiVersion
        let body = try RESTJobDescription(job, version: version).body(version)
        let reply = try await send(RESTCall(daemon: .controller, method: .post, path: ["job", "submit"], body: body), as: user)
        // A held job's notice stands among the errors; there is a job all the same.
        if let id = reply.jobID, id > 0 { return "\(id)" }
        try reply.requireSuccess()
        throw APIError(.badGateway, "slurmrestd took the job but told no id")
    }

    func cancel(_ job: JobID, as user: SchedulerUser) async throws {
        let reply = try await send(try cancellation(of: job), as: user)
        do {
            try reply.requireSuccess()
        } catch let refusal as RESTRefusal where refusal.words.tellOfUnknownJob || refusal.words.tellOfEndedJob {
            try await requireEnded(job, as: user)
        }
    }

    private func cancellation(of job: JobID) throws -> RESTCall {
        let version = try apiVersion
        guard job.tasks == nil || version.cancelsArrayTasks else {
            throw APIError(
                .notImplemented,
                "slurmrestd's API \(self.version) would cancel the whole array; cancel \(job.number), or use a newer API or connection_mode hybrid")
        }
        // How many tasks may run at once is no part of which are meant.
        let id = job.whole.replacing(#/%[0-9]+/#, with: "")
        guard id.contains("["), version.cancelsByList else { return RESTCall(daemon: .controller, method: .delete, path: ["job", id]) }
        let body = try JSONEncoder().encode(["jobs": [id]])
        return RESTCall(daemon: .controller, method: .delete, path: ["jobs", ""], body: ByteBuffer(bytes: body))
    }

    /// The controller forgets ended jobs, and does not say whose they were; only accounting can tell them from jobs that never were.
    private func requireEnded(_ job: JobID, as user: SchedulerUser) async throws {
        guard let known = try await jobs(JobQuery(job), as: user).first else { throw JobID.notFound }
        guard known.user == user.name else { throw APIError(.forbidden, "The job \(job.text) belongs to another user: it has ended") }
    }

    func change(_ job: JobID, by change: JobChange, as user: SchedulerUser) async throws {
        guard change != .requeue else {
            throw APIError(.notImplemented, "slurmrestd cannot requeue jobs; the system's connection_mode must be ssh or hybrid for that")
        }
        guard try job.tasks == nil || apiVersion.changesArrayTasks else {
            throw APIError(
                .notImplemented, "slurmrestd holds and releases whole arrays only; name \(job.number), or set the system's connection_mode to ssh or hybrid")
        }
        let body = ByteBuffer(string: #"{"hold": \#(change == .hold)}"#)
        let reply = try await send(RESTCall(daemon: .controller, method: .post, path: ["job", job.whole], body: body), as: user)
        do {
            try reply.requireSuccess()
        } catch let refusal as RESTRefusal where refusal.words.tellOfUnknownJob {
            throw JobID.notFound
        }
    }

    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata] {
        throw APIError(.notImplemented, "slurmrestd does not give out jobs' scripts; the system's connection_mode must be ssh or hybrid for that")
    }

    func attach(_ command: String, to job: JobID, as user: SchedulerUser) async throws {
        throw APIError(.notImplemented, "slurmrestd cannot start steps; the system's connection_mode must be ssh or hybrid for that")
    }

    // MARK: - The system

    func nodes(as user: SchedulerUser) async throws -> [NodeModel] {
        try await list("nodes", from: .controller, as: user) { try RESTNode.read(&$0) }
    }

    func partitions(includesHidden: Bool, as user: SchedulerUser) async throws -> [PartitionModel] {
        let flags = try includesHidden && apiVersion.takesFlags ? [("flags", "ALL")] : []
        return try await list("partitions", query: flags, from: .controller, as: user) { element in
            let partition = try RESTPartition.read(&element)
            return partition.isHidden && !includesHidden ? nil : partition.model
        }
    }

    func reservations(as user: SchedulerUser) async throws -> [ReservationModel] {
        let now = Self.now
        return try await list("reservations", from: .controller, as: user) { try RESTReservation.read(&$0, now: now) }
    }

    func accounts(of user: SchedulerUser) async throws -> [UserInfo.Account]? {
        do {
            let associations = try await list("associations", query: [("user", user.name)], from: .accounting, as: user) { element in
                let association = try RESTAssociation.read(&element)
                return association.user == user.name ? association : nil
            }
            return RESTAssociation.accounts(associations)
        } catch let refusal as RESTRefusal {
            // Who a user is can be told without accounting, too.
            logger.warning("the accounts of a user cannot be read", metadata: ["error": "\(refusal.apiError.message)"])
            return nil
        }
    }

    func probe(as user: SchedulerUser) async throws -> ProbeAnswer {
        let nodes = try await list("nodes", from: .controller, as: user) { try RESTNode.isAvailable(&$0) }
        return ProbeAnswer(nodes: ServiceHealth.Nodes(available: nodes.count { $0 }, total: nodes.count))
    }

    /// All elements of one of slurmrestd's lists, or those that `read` finds fit.
    func list<Element>(
        _ name: String, query: [(name: String, value: String)] = [], from daemon: RESTCall.Daemon, as user: SchedulerUser,
        _ read: (inout JSONPullReader) throws -> Element?
    ) async throws -> [Element] {
        var elements: [Element] = []
        let reply = try await send(RESTCall(daemon: daemon, path: [name], query: query), as: user, list: name) { element in
            if let element = try read(&element) { elements.append(element) }
        }
        try reply.requireSuccess()
        return elements
    }
}

extension SlurmWords {
    /// Whether the job that was to be ended has done so before.
    fileprivate var tellOfEndedJob: Bool { text.contains("already completing or completed") }
}
