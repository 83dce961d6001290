import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// The routes of jobs.
struct JobsController: Sendable {
    let systems: Systems

    func addRoutes(to router: Router<APIRequestContext>) {
        let jobs = router.group("compute/:system/jobs", context: CallerRequestContext.self)
        jobs.post(use: submit)
        jobs.get(use: list)
        jobs.get(":job_id", use: find)
        jobs.get(":job_id/metadata", use: metadata)
        jobs.delete(":job_id", use: cancel)
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
        var fields = try QueryFields(of: request)
        let query = JobQuery(
            allUsers: fields.boolean("allusers"), account: fields.word("account"), name: fields.jobName("name"),
            timeWindow: fields.choice("time_window", default: JobQuery.TimeWindow.day))
        try fields.finish()
        try context.requireHealthy(.scheduler)
        return try .json(JobsAnswer(jobs: try await system.scheduler.jobs(query, as: context.schedulerUser)))
    }

    @Sendable private func find(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        let job = try JobID(context.pathParameter("job_id"))
        try context.requireHealthy(.scheduler)
        let jobs = try await system.scheduler.jobs(JobQuery(job: job), as: context.schedulerUser)
        guard !jobs.isEmpty else { throw JobID.notFound }
        return try .json(JobsAnswer(jobs: jobs))
    }

    @Sendable private func metadata(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        let job = try JobID(context.pathParameter("job_id"))
        try context.requireHealthy(.scheduler)
        return try .json(JobMetadataAnswer(jobs: try await system.scheduler.metadata(of: job, as: context.schedulerUser)))
    }

    @Sendable private func cancel(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        let job = try JobID(context.pathParameter("job_id"))
        try context.requireHealthy(.scheduler)
        try await system.scheduler.cancel(job, as: context.schedulerUser)
        return Response(status: .noContent)
    }
}

extension QueryFields {
    /// A value that stands on a command line; an empty one counts as absent.
    fileprivate mutating func word(_ name: String) -> String? {
        guard let value = text(name), !value.isEmpty else { return nil }
        guard !value.utf8.contains(0), value.utf8.count <= 1024 else {
            refuse(name, "must have no NUL and at most 1024 bytes")
            return nil
        }
        return value
    }

    fileprivate mutating func jobName(_ name: String) -> String? {
        guard let value = word(name) else { return nil }
        guard value.count <= JobQuery.maximumNameLength else {
            refuse(name, "must have at most \(JobQuery.maximumNameLength) characters")
            return nil
        }
        return value
    }
}
