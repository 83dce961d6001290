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

    var status: HTTPResponse.Status { failure.isTimeout ? .gatewayTimeout : SlurmWords(failure.words).status }
}
