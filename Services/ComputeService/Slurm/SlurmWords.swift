import HTTPTypes

/// What Slurm says when it refuses or fails, on whichever way it was asked.
///
/// The exit status of its commands is 1 for nearly every reason, and slurmrestd's own status hardly says more; but both use the words of
/// `slurm_strerror(3)`, which have stayed the same from version to version.
struct SlurmWords: Sendable, Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The status with which clients are told; 500 for words that say nothing of who is to act.
    var status: HTTPResponse.Status {
        // Limits of an account or a QOS, such as `QOSMaxSubmitJobPerUserLimit` and `AssocGrpSubmitJobsLimit`.
        if text.contains(#/(QOS|Assoc)[A-Za-z]*Limit/#) { return .forbidden }
        let words = text.lowercased()
        return Self.meanings.first { meaning in meaning.phrases.contains { words.contains($0) } }?.status ?? .internalServerError
    }

    /// Whether the controller does not know the job, or not any more.
    var tellOfUnknownJob: Bool { text.contains("Invalid job id") || text.contains("Job not heterogeneous job") }

    /// Whether the site keeps no accounting.
    var tellOfMissingAccounting: Bool { text.contains("accounting storage is disabled") }

    /// The first that fits counts.
    private static let meanings: [(status: HTTPResponse.Status, phrases: [String])] = [
        (
            .forbidden,
            [
                "accounting/qos policy", "permission denied", "not permitted to use", "user not found", "invalid user id", "invalid group id",
                "access denied to requested", "access to the requested reservation", "qos usage threshold", "burst buffer resource limit",
            ]
        ),
        (.notFound, ["invalid job id", "job not heterogeneous job"]),
        (.gatewayTimeout, ["socket timed out", "communication timeout", "timed out"]),
        (
            .serviceUnavailable,
            [
                "unable to contact slurm controller", "connection refused", "connection failure", "communication shutdown failure",
                "zero bytes were transmitted", "in standby mode", "slurmdbd", "unable to establish", "unable to connect to database",
                "configuration file", "shutting down",
                // What scontrol says of a controller that it has not reached.
                "unexpected message received", "submissions disabled", "rate limit exceeded", "maxjobcount limit", "unable to create job record",
            ]
        ),
        (
            // The job is not in the state for what is asked.
            .conflict,
            [
                "already completing or completed", "is pending execution", "no longer pending execution", "not pending nor running",
                "has already finished", "has already started", "has expired", "job is not running", "job is not suspended",
                "job is not finished",
                "can not be altered now", "update not available right now", "presently disabled", "in held state", "is current suspended",
                "only batch jobs", "step limit reached", "prologslurmctld is still running", "nodes are busy",
            ]
        ),
        (
            .badRequest,
            [
                // What is asked for does not exist, is malformed, or exceeds what there is: `Node count specification invalid`, `Invalid qos specification`.
                "specification", "invalid partition", "invalid account", "no partition specified", "reservation is invalid", "invalid reservation",
                "reservation not usable", "reservation is in use", "invalid feature", "invalid constraint", "invalid node name", "nodes not in this partition",
                "unable to open file", "dependency", "trackable resource", "node configuration", "node count", "partition configuration",
                "partition not available", "time limit", "invalid time", "processors", "invalid cpu count", "memory required", "mcs_label", "--nice",
                "working directory", "heterogeneous job", "scrontab",
                // The script or its directives are none.
                "batch script", "job script", "null character", "unrecognized option", "invalid option", "invalid directive", "invalid --",
                "invalid numeric value", "script is empty", "pathname of a file", "argument list too long",
            ]
        ),
    ]
}
