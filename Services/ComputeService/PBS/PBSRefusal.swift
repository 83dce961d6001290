import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

/// A command of OpenPBS that did not do what it was asked, told with OpenPBS's own words.
struct PBSRefusal: Error, Sendable {
    private let failure: RemoteCommandFailure
    /// All that was said, where the failure has the beginning.
    private let words: String

    init(_ result: RemoteResult) {
        failure = RemoteCommandFailure(result)
        words = String(buffer: result.standardError).lowercased()
    }

    /// Whether nothing is wrong but with some of the jobs that were asked for.
    ///
    /// - Parameter areSeveral: Whether there are others, whose answer must not suffer from a job that the user may not see. Alone, such a job is
    ///   worth its own words.
    func isOfJobsOnly(areSeveral: Bool) -> Bool {
        let phrases = ["unknown job id", "illegally formed job identifier"] + (areSeveral ? ["unauthorized request"] : [])
        let lines = words.split(whereSeparator: \.isNewline)
        return !lines.isEmpty && lines.allSatisfy { line in phrases.contains { line.contains($0) } }
    }

    /// Whether the server keeps no ended jobs, `job_history_enable`.
    var isWithoutHistory: Bool { words.contains("not configured to maintain job history") }

    /// Whether the job has ended, or is about to.
    var isEnded: Bool {
        ["job has finished", "finished array subjob", "request invalid for state of job", "delete already in progress"].contains { words.contains($0) }
    }
}

extension PBSRefusal: APIErrorConvertible {
    var apiError: APIError { status == .notFound ? JobID.notFound : APIError(status, failure.message) }

    /// The words tell more than the exit status, and the same in all releases; it counts where there are none that are known.
    var status: HTTPResponse.Status {
        if failure.isTimeout { return .gatewayTimeout }
        for (phrases, status) in Self.meanings where phrases.contains(where: { words.contains($0) }) { return status }
        return Self.statuses[failure.exitStatus] ?? .internalServerError
    }

    /// The commands exit with the number of the server's error modulo 256 (`src/include/pbs_error.h`): 15001, 15018, 15007.
    private static let statuses: [Int: HTTPResponse.Status] = [153: .notFound, 170: .badRequest, 159: .forbidden]

    /// Most are words of `src/lib/Liblog/pbs_messages.c`, the others those of the commands themselves. The first that fits counts.
    private static let meanings: [(phrases: [String], status: HTTPResponse.Status)] = [
        // A job that a new one would wait for.
        (["qsub: unknown job id"], .badRequest),
        (["unknown job id", "illegally formed job identifier"], .notFound),
        (
            [
                // Without the server nothing else can be said.
                "cannot connect to server", "connection refused", "server shutting down", "no free connections", "server connection table full",
                "could not contact scheduler", "license server is down", "floating license unavailable", "pbs_iff", "communication failure",
            ], .serviceUnavailable
        ),
        (["timed out", "timeout"], .gatewayTimeout),
        (
            [
                // Limits of users, groups and projects.
                "would exceed", "maximum number of jobs", "per-user limit", "per-group limit", "per-project limit",
                "unauthorized request", "access to queue is denied", "access from host not allowed", "bad uid for job execution",
                "bad gid for job execution", "invalid credential", "expired credential", "permission denied", "not authorized", "insufficient permission",
            ], .forbidden
        ),
        (["request invalid for state", "job has finished", "finished array subjob", "delete already in progress"], .conflict),
        (["no support for requested service"], .notImplemented),
        (
            [
                // What is asked for does not exist.
                "unknown queue", "unknown node", "unknown resource", "undefined attribute", "unknown reservation", "invalid account", "no default queue",
                "invalid job dependency", "no such file or directory", "can't cd to", "unknown/illegal",
                // More is asked for than there is, or it contradicts itself.
                "resource limits", "exceeds", "queue is not enabled", "not rerunnable", "rejected by all possible destinations", "conflicting specification",
                "illegal attribute", "attribute value", "mutually exclusive", "duplicate", "cannot be used with", "cannot have", "resource invalid",
                "execution server rejected", "hook rejected", "specification",
                // The script, its directives or an option are none.
                "script file", "script not a file", "jobscript size", "directive error", "illegal -", "file must be an ascii",
                "name is too long", "queue name too long", "not a reservation", "cannot send environment",
            ], .badRequest
        ),
    ]
}
