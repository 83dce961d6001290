import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

/// A Slurm command that did not do what it was asked, told with Slurm's own words.
struct SlurmRefusal: Error, Sendable {
    private let failure: RemoteCommandFailure

    init(_ result: RemoteResult) {
        failure = RemoteCommandFailure(result)
    }
}

extension SlurmRefusal: APIErrorConvertible {
    var apiError: APIError { APIError(status, failure.message) }

    /// The commands' exit status is 1 for every reason, so only the words tell them apart. Most are those of `slurm_strerror(3)`.
    var status: HTTPResponse.Status {
        if failure.isTimeout { return .gatewayTimeout }
        // Limits of an account or a QOS, such as `QOSMaxSubmitJobPerUserLimit` and `AssocGrpSubmitJobsLimit`.
        if failure.words.contains(#/(QOS|Assoc)[A-Za-z]*Limit/#) { return .forbidden }
        let words = failure.words.lowercased()
        for (phrases, status) in Self.meanings where phrases.contains(where: { words.contains($0) }) { return status }
        return .internalServerError
    }

    /// The first that fits counts.
    private static let meanings: [(phrases: [String], status: HTTPResponse.Status)] = [
        (
            [
                "accounting/qos policy", "permission denied", "not permitted to use", "user not found", "invalid user id",
                "access denied to requested", "access to the requested reservation",
            ], .forbidden
        ),
        (["socket timed out", "communication timeout", "timed out"], .gatewayTimeout),
        (
            [
                "unable to contact slurm controller", "connection refused", "connection failure", "zero bytes were transmitted",
                "in standby mode", "slurmdbd", "unable to establish", "configuration file",
            ], .serviceUnavailable
        ),
        (
            [
                // What is asked for does not exist.
                "invalid partition", "invalid account", "reservation is invalid", "invalid reservation", "invalid feature", "invalid constraint",
                "invalid qos", "invalid generic resource", "invalid license", "invalid node name", "invalid wckey", "invalid job id", "unable to open file",
                "dependency", "trackable resource",
                // More is asked for than there is.
                "node configuration", "node count", "time limit", "memory specification", "more processors requested", "invalid cpu count",
                "requested partition configuration",
                // The script or its directives are none.
                "batch script", "null character", "unrecognized option", "invalid option", "invalid directive", "invalid --", "invalid numeric value",
                "invalid job array", "script is empty", "pathname of a file", "argument list too long",
            ], .badRequest
        ),
    ]
}
