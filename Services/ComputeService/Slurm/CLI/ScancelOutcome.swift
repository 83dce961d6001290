import GoldcrestSSH
import NIOCore

/// How a `scancel --verbose` ended. Its exit status is 0 for some failures; the words tell.
enum ScancelOutcome: Equatable {
    /// The job has ended or is about to.
    case cancelled
    /// The job is another user's.
    case denied
    /// The controller does not know the id, or not any more.
    case unknownToController
    case failed

    init(_ result: RemoteResult) {
        let words = String(buffer: result.standardError)
        if words.contains("Access/permission denied") {
            self = .denied
        } else if words.contains("Invalid job id") || words.contains("Job not heterogeneous job") {
            self = .unknownToController
        } else if words.contains("already completing or completed") || (result.isSuccess && !words.contains("error:")) {
            self = .cancelled
        } else {
            self = .failed
        }
    }
}
