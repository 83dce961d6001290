import GoldcrestProtocol
import HTTPTypes

extension Operation {
    /// `/compute/**`
    static let compute: [Operation] = [
        Operation(
            .get, "/compute/{system_name}/jobs", .compute, name: "get_jobs",
            summary: "List jobs",
            description: "Your own jobs: those that wait or run, and those that ended within the time window.",
            parameters: jobFilters + page, answer: .ok(.jobsAnswer, "The jobs; there may be none.")),
        Operation(
            .post, "/compute/{system_name}/jobs", .compute, name: "post_job_submit",
            summary: "Submit a job",
            body: .json(.jobSubmission), answer: .created(.jobSubmissionAnswer, "The scheduler took the job."),
            failures: [
                .badRequest.when("The request is wrong, or the scheduler refuses what it asks for; `message` has the scheduler's words."),
                .forbidden.when("No access to the system, or a limit of the account or QOS is reached."),
                .tooLarge, .notImplemented.when("`scriptPath` needs the scheduler's commands, which this system's configuration leaves out."),
            ]),
        Operation(
            .get, "/compute/{system_name}/jobs/{job_id}", .compute, name: "get_job",
            summary: "Get a job",
            description: "More than one where the id stands for several: the tasks of an array, or jobs that had the same number at other times.",
            answer: .ok(.jobsAnswer, "The job."), failures: [.noSuchJob]),
        Operation(
            .delete, "/compute/{system_name}/jobs/{job_id}", .compute, name: "delete_job_cancel",
            summary: "Cancel a job",
            answer: .noContent("The job was told to end, or had ended already."), failures: [.noSuchJob, .othersJob]),
        Operation(
            .get, "/compute/{system_name}/jobs/{job_id}/metadata", .compute, name: "get_job_metadata",
            summary: "The script and the files of a job",
            answer: .ok(.jobMetadataAnswer, "What was run, and where its input and output go."),
            failures: [.noSuchJob, .notImplemented.when("The system's configuration leaves out the commands that tell this.")]),
        Operation(
            .put, "/compute/{system_name}/jobs/{job_id}/attach", .compute, name: "attach",
            summary: "Run a command beside a running job",
            description: "The command starts on the job's nodes as a further step of it. Its end is not waited for.",
            body: .json(.attachment), answer: .noContent("The command was started."),
            failures: [
                .badRequest.when("There is no command, or it failed at its start; `message` has its words."), .noSuchJob, .othersJob,
                .tooLarge, .conflict.when("The job is not running."),
                .notImplemented.when("The scheduler, or the way in which this system reaches it, cannot do this."),
            ]),
        change("hold", "Hold a job", "Keeps a waiting job from starting until it is released.", done: "The job is held."),
        change("release", "Release a held job", "Lets a held job start when its turn comes.", done: "The job is no longer held."),
        change("requeue", "Requeue a job", "Puts a job that runs or has run back into the queue.", done: "The job is in the queue again."),
    ]

    private static func change(_ verb: String, _ summary: String, _ description: String, done: String) -> Operation {
        Operation(
            .put, "/compute/{system_name}/jobs/{job_id}/\(verb)", .compute, name: verb, summary: summary, description: description,
            answer: .noContent(done),
            failures: [
                .noSuchJob, .othersJob, .conflict.when("The job is in a state in which this cannot be done."),
                .notImplemented.when("The scheduler, or the way in which this system reaches it, cannot do this."),
            ])
    }

    private static var jobFilters: [Parameter] {
        [
            .flag("allusers", "Other users' jobs, too, as far as the scheduler shows them."),
            .query("account", .string, "Only jobs that are charged to this account. An empty value is the same as none."),
            .query("name", .string.with("maxLength", 235), "Only jobs of this name."),
            .query(
                "time_window", .jobsTimeWindow.with("default", "24h"),
                "How far back jobs that have ended are looked for. Those that wait or run are always there."),
            .query("ids", .string, "Only these jobs, whenever they ran: at most 1000 ids with commas in between, such as `1,2,3_4`. Ids that are not known are left out of the answer."),
            .query("state", .string, "Only jobs in these states, with commas in between: `PENDING,RUNNING`."),
        ]
    }

    private static var page: [Parameter] {
        [
            .query("limit", .integer.with("minimum", 0), "The most jobs to return, in the order of their ids. `total` in the answer tells how many there are."),
            .query("offset", .integer.with("minimum", 0).with("default", 0), "How many of the jobs to leave out at the beginning."),
        ]
    }
}

extension Failure {
    fileprivate static let noSuchJob = notFound.when("There is no such system, or no such job: `Job not found`.")
    fileprivate static let othersJob = forbidden.when("No access to the system, or the job is another user's.")
}
