import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes

extension SFTPFailure {
    /// The failure as an answer where no command can say it any more, because the operation is half done.
    ///
    /// - Parameter doing: What failed, as `upload: cannot write '/x'`.
    func answer(doing: String) -> APIError {
        APIError(status, "Remote process failed with exit status:1 and error message:\(doing): \(words)")
    }

    private var status: HTTPResponse.Status {
        switch code {
        case .noSuchFile: .notFound
        case .permissionDenied: .forbidden
        default: .internalServerError
        }
    }

    private var words: String {
        switch code {
        case .noSuchFile: "No such file or directory"
        case .permissionDenied: "Permission denied"
        default: message.isEmpty ? "\(code)" : message
        }
    }
}
