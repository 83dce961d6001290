import GoldcrestProtocol
import HTTPTypes

/// What the storage says to a call that it doesn't carry out.
struct StorageRefusal: Error, Sendable, Equatable {
    /// The error's name (Amazon S3 API, “Error responses”); other storages have more of them.
    struct Code: RawRepresentable, Sendable, Hashable {
        let rawValue: String

        static let noSuchBucket = Code(rawValue: "NoSuchBucket")
        static let noSuchKey = Code(rawValue: "NoSuchKey")
        static let noSuchUpload = Code(rawValue: "NoSuchUpload")
        static let bucketAlreadyOwnedByYou = Code(rawValue: "BucketAlreadyOwnedByYou")
        static let bucketAlreadyExists = Code(rawValue: "BucketAlreadyExists")
        static let invalidLocationConstraint = Code(rawValue: "InvalidLocationConstraint")
        static let accessDenied = Code(rawValue: "AccessDenied")
        static let notImplemented = Code(rawValue: "NotImplemented")
        static let methodNotAllowed = Code(rawValue: "MethodNotAllowed")
    }

    let status: HTTPResponse.Status
    let code: Code
    /// By which the storage's own log knows the call.
    var requestID: String?

    /// - Parameter document: The body. Answers to HEAD have none, and proxies in between have other ones; the status stands in for the code then.
    init(status: HTTPResponse.Status, fields: HTTPFields, document: AnswerElement?) {
        self.status = status
        let isError = document?.name == "Error"
        code = Code(rawValue: isError ? document?.text(of: "Code") ?? "" : Self.code(of: status))
        requestID = HTTPField.Name("x-amz-request-id").flatMap { fields[$0] } ?? document?.text(of: "RequestId")
    }

    private static func code(of status: HTTPResponse.Status) -> String {
        switch status {
        case .forbidden: Code.accessDenied.rawValue
        case .notImplemented: Code.notImplemented.rawValue
        case .methodNotAllowed: Code.methodNotAllowed.rawValue
        default: "\(status.code)"
        }
    }

    /// Whether what was asked for is not there (any more).
    var isAbsence: Bool { status == .notFound }

    /// Whether the same call may succeed a moment later.
    var mayPass: Bool {
        switch code.rawValue {
        case "SlowDown", "InternalError", "ServiceUnavailable", "OperationAborted", "RequestTimeout": true
        case "NotImplemented": false
        default: [500, 502, 503, 504].contains(status.code)
        }
    }

    /// Whether the storage lacks the feature, or keeps it from the service's keys.
    var isMissingFeature: Bool {
        [.notImplemented, .methodNotAllowed, .accessDenied].contains(code) || status == .notImplemented
    }

    // MARK: - For people

    /// What the operator can do about it.
    var remedy: String {
        switch code.rawValue {
        case "SignatureDoesNotMatch":
            "check secret_access_key of the storage, and that no proxy in front of it changes the host, the path or the query"
        case "InvalidAccessKeyId": "check access_key_id of the storage"
        case "RequestTimeTooSkewed": "set the clocks of this host and of the storage: they differ by more than the storage allows"
        case "AccessDenied": "let the storage's keys create buckets, and write, list and delete objects in them"
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException", "301", "307":
            "check region and private_url of the storage"
        case "TooManyBuckets": "raise the number of buckets that the storage's account may have: every user has one"
        case "QuotaExceeded", "XMinioStorageFull", "507": "make room in the storage, or raise its quota"
        default: mayPass ? "see whether the storage is overloaded or being maintained" : "look the code up in the storage's own log and manual"
        }
    }

    /// Whether it is the service that the storage doesn't want, rather than what it asks for.
    private var isOfCredentials: Bool {
        [.unauthorized, .forbidden].contains(status)
            || ["AuthorizationHeaderMalformed", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"].contains(code.rawValue)
    }

    /// The error as the API's clients are told.
    func apiError(storage: String) -> APIError {
        if mayPass {
            APIError(.serviceUnavailable, "The object storage \(storage) is overloaded or out of order; try again later", causes: [causeText])
        } else if isOfCredentials {
            APIError(
                .badGateway, "The object storage \(storage) refuses this service's keys; tell the operator, who finds the reason in the log",
                causes: [causeText])
        } else {
            APIError(
                .badGateway, "The object storage \(storage) refuses what this service asks; tell the operator, who finds the reason in the log",
                causes: [causeText])
        }
    }

    /// Without the storage's own message, which may quote keys and addresses.
    private var causeText: String { "S3 error \(code.rawValue), status \(status.code)" }
}
