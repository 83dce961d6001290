import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// The routes of jobs.
struct JobsController: Sendable {
    /// The longest command that can be attached, in bytes: Linux takes no longer argument than 128 KiB.
    private static let maximumCommandLength = 64 << 10

    let systems: Systems
    let reads: SchedulerReads

    func addRoutes(to router: Router<APIRequestContext>) {
        let jobs = router.group("compute/:system/jobs", context: CallerRequestContext.self)
        jobs.post(use: submit)
        jobs.get(use: list)
        jobs.get(":job_id", use: find)
        jobs.get(":job_id/metadata", use: metadata)
        jobs.delete(":job_id", use: cancel)
        jobs.put(":job_id/attach", use: attach)
        for change in JobChange.allCases {
            jobs.put(":job_id/\(change.rawValue)") { try await self.change(by: change, $1) }
        }
    }

    @Sendable private func submit(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        let job = try JobSubmission(try await request.jsonObject(), on: system.cluster)
        try context.requireHealthy(.scheduler)
        let id = try await system.scheduler.submit(job, as: context.schedulerUser)
        return try .json(JobSubmissionAnswer(jobId: id), status: .created)
    }

    @Sendable private func list(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        let listing = try JobListing(try QueryFields(of: request))
        try context.requireHealthy(.scheduler)
        return try await reads.response(to: context.read(.jobs(listing))) {
            listing.answer(from: try await system.scheduler.jobs(listing.query, as: context.schedulerUser))
        }
    }

    @Sendable private func find(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let (system, job) = try systemAndJob(of: context)
        let jobs = try await reads.jobs(job, of: context.read(.jobsByID)) {
            try await system.scheduler.jobs($0, as: context.schedulerUser)
        }
        guard !jobs.isEmpty else { throw JobID.notFound }
        return try .json(JobsAnswer(jobs: jobs))
    }

    @Sendable private func metadata(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let (system, job) = try systemAndJob(of: context)
        return try await reads.response(to: context.read(.metadata(job))) {
            JobMetadataAnswer(jobs: try await system.scheduler.metadata(of: job, as: context.schedulerUser))
        }
    }

    @Sendable private func cancel(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let (system, job) = try systemAndJob(of: context)
        try await system.scheduler.cancel(job, as: context.schedulerUser)
        return Response(status: .noContent)
    }

    @Sendable private func attach(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        let command = fields.requiredString("command")
        try fields.finish()
        guard !command.allSatisfy(\.isWhitespace), !command.utf8.contains(0), command.utf8.count <= Self.maximumCommandLength else {
            throw APIError.validation([
                ErrorBody.Field(
                    location: .body, name: "command",
                    message: "must not be empty, must have no NUL, and at most \(Self.maximumCommandLength) bytes")
            ])
        }
        let (system, job) = try systemAndJob(of: context)
        try await system.scheduler.attach(command, to: job, as: context.schedulerUser)
        return Response(status: .noContent)
    }

    @Sendable private func change(by change: JobChange, _ context: CallerRequestContext) async throws -> Response {
        let (system, job) = try systemAndJob(of: context)
        try await system.scheduler.change(job, by: change, as: context.schedulerUser)
        return Response(status: .noContent)
    }

    /// What a route of one job needs.
    ///
    /// - Throws: ``APIError`` with status 404, or 503 while the scheduler is unhealthy.
    private func systemAndJob(of context: CallerRequestContext) throws -> (system: Systems.System, job: JobID) {
        let system = try systems.system(of: context)
        let job = try JobID(context.pathParameter("job_id"))
        try context.requireHealthy(.scheduler)
        return (system, job)
    }
}
