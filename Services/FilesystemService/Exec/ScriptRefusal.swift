import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes

/// The exit statuses by which a script of this service tells whose fault a failure is, where the words of programs don't. None of the programs
/// that it runs ends with one of them, but for `timeout` around it.
enum ScriptRefusal: Int, CaseIterable {
    /// What the caller gave cannot be worked on; `EX_DATAERR` of sysexits(3).
    case unacceptable = 65
    /// It is more than a request may move; not one of sysexits(3), as that has none for it.
    case tooLarge = 79
    /// The same where clients of FirecREST submit a job instead when they hear of a timeout; the status by which timeout(1) tells of one.
    case tooLong = 124
    /// A program that is needed is not installed; `EX_UNAVAILABLE`.
    case missingProgram = 69

    private var status: HTTPResponse.Status {
        switch self {
        case .unacceptable: .badRequest
        case .tooLarge: .contentTooLarge
        case .tooLong: .requestTimeout
        case .missingProgram: .notImplemented
        }
    }

    /// What a failure of a script means to the client; nil when its words tell.
    static func error(of failure: RemoteCommandFailure) -> APIError? {
        ScriptRefusal(rawValue: failure.exitStatus).map { APIError($0.status, failure.message) }
    }

    /// Variables with the statuses, for the scripts.
    static var assignments: String {
        allCases.map { "\($0)=\($0.rawValue)\n" }.joined()
    }
}
