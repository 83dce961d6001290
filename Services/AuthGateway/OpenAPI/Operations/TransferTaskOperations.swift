import GoldcrestProtocol
import HTTPTypes

extension Operation {
    /// `/filesystem/{system_name}/transfer/tasks/**`
    static let transferTasks: [Operation] = [
        Operation(
            .get, "/filesystem/{system_name}/transfer/tasks", .transfer, name: "get_transfer_tasks",
            summary: "Your transfers on a system, the newest first",
            description: "Every transfer is a task from the moment it is accepted. Answered also while the system is unhealthy.",
            parameters: [
                .query("state", .string, "Only tasks in these states, with commas in between: `queued,running`."),
                .query("operation", Schema.transferOperation, "Only tasks of this kind."),
                .query("limit", .integer.with("minimum", 1).with("maximum", 500).with("default", 50), "The most tasks to return."),
                .query("cursor", .string, "The `nextCursor` of an earlier answer: goes on behind that one's last task."),
            ],
            answer: .ok(.transferTasksAnswer, "The tasks."), failures: [.databaseAway]),
        Operation(
            .get, "/filesystem/{system_name}/transfer/tasks/{task_id}", .transfer, name: "get_transfer_task",
            summary: "One of your transfers",
            description: "With `progress` while it is known how far an upload or a download is. Answered also while the system is unhealthy.",
            answer: .ok(.transferTask, "The task."), failures: [.noSuchTask, .databaseAway]),
        Operation(
            .delete, "/filesystem/{system_name}/transfer/tasks/{task_id}", .transfer, name: "delete_transfer_task",
            summary: "Cancel one of your transfers",
            description:
                "Cancels the job and removes what lies in object storage. Files that the job has changed already stay as they are. A task that has ended stays as it is; so does one whose job turns out to have ended just before.",
            answer: .noContent("The task has ended."),
            failures: [.noSuchTask, .conflict.when("The job is just being submitted; try again when `Retry-After` tells."), .databaseAway]),
        Operation(
            .get, "/filesystem/{system_name}/transfer/tasks/{task_id}/events", .transfer, name: "get_transfer_task_events",
            summary: "Follow one of your transfers to its end",
            description:
                "Server-sent events: first the task as it is now, then every change of its state, and how far it is now and then. The answer ends with the task, or after a day.",
            parameters: [
                .header("Last-Event-ID", .string, "The last event that was received. If it was the end of the task, the answer is 204, so that browsers do not ask again.")
            ],
            answer: Answer(.ok, "The events.", Content(mediaType: "text/event-stream", schema: .transferTaskEvents)),
            furtherAnswers: [.noContent("The task has ended, and the client knows it.")],
            failures: [
                .noSuchTask, .tooManyRequests.when("The user follows as many tasks as one user may; `Retry-After` tells when to try again."),
                .databaseAway,
            ]),
    ]
}

extension Failure {
    fileprivate static let noSuchTask = notFound.when("There is no such system, or no such task of yours on it: `Task not found`.")
    fileprivate static let databaseAway = unavailable.when("The database does not answer.")
}
