import GoldcrestProtocol
import HTTPTypes
import Hummingbird
import Logging
import ReBAC

extension OpenFGAError {
    /// What a client is told about any error; what it must not see goes to the log. The only place where that is decided.
    init(telling error: any Error, logger: Logger) {
        switch error {
        case let error as OpenFGAError: self = error
        case let error as EvaluationFailure: self.init(error)
        case let error as InvalidModel: self.init(error)
        case let problem as ModelProblem: self.init(InvalidModel(problems: [problem]))
        case let error as InvalidReference: self.init(.validationError, "\(error)")
        case let error as RelationshipStoreError: self.init(error, logger: logger)
        case let error as APIError: self.init(error)
        case let error as HTTPError where error.status == .notFound: self = .undefinedEndpoint
        case let error as HTTPError: self.init(.validationError, error.body ?? error.status.reasonPhrase)
        case is CancellationError: self.init(.cancelled, "Request Cancelled")
        default:
            logger.error("an administration request failed for an unexpected reason", metadata: ["error": "\(error)"])
            self.init(.internalError, "Internal Server Error")
        }
    }

    init(_ failure: EvaluationFailure) {
        switch failure {
        case .invalidQuestion(let reason): self.init(.validationError, reason)
        case .tooDeep: self = .resolutionTooComplex
        case .timedOut: self = .deadlineExceeded
        case .undecidedCondition(let name, let reason):
            // As OpenFGA has it, a value that is not of its parameter's type tells the condition's name itself.
            let condition = reason.hasPrefix("parameter type error") ? "" : "'\(name)' - "
            self.init(.validationError, "failed to evaluate relationship condition: \(condition)\(reason)")
        }
    }

    private init(_ error: InvalidModel) {
        let code: Code =
            switch error.problems.first?.kind {
            case .malformed: .validationError
            case .exceedsLimit: .exceededEntityLimit
            case .invalid, nil: .invalidAuthorizationModel
            }
        self.init(code, "\(error)")
    }

    /// What ServiceKit refuses before a body is JSON.
    private init(_ error: APIError) {
        self.init(error.status == .contentTooLarge ? .resourceExhausted : .validationError, error.message)
    }

    private init(_ error: RelationshipStoreError, logger: Logger) {
        switch error {
        case .storeNotFound: self = .storeNotFound
        case .ownStore: self.init(.validationError, "\(error)")
        case .modelNotFound(let id): self = .modelNotFound(id)
        case .noModel(let storeID): self = .noModel(inStore: storeID)
        case .unusableModel(let id, let reason): self.init(.validationError, "Authorization Model '\(id)' cannot be used: \(reason)")
        case .repeatedTuple(let key): self = .duplicate(key)
        case .tupleExists(let key):
            self.init(.writeFailedDueToInvalidInput, "cannot write a tuple which already exists: \(key.fields): \(Self.conflict)")
        case .tupleMissing(let key):
            self.init(.writeFailedDueToInvalidInput, "cannot delete a tuple which does not exist: \(key.fields): \(Self.conflict)")
        case .conditionDiffers(let key):
            let reason = "attempted to write a tuple which already exists with a different condition: \(key.fields)"
            self.init(.aborted, "transactional write failed due to conflict: \(reason)")
        case .newestModelChanged:
            self.init(.aborted, "transactional write failed due to conflict: the store's newest authorization model changes too often")
        case .invalidContinuationToken: self = .invalidContinuationToken
        case .continuesOtherType:
            self.init(.typeContinuationTokenMismatch, "The type in the querystring and the continuation token don't match")
        case .notLoaded, .stale, .unavailable:
            logger.warning("an administration request cannot be answered", metadata: ["error": "\(error)"])
            self.init(.unavailable, "The database does not answer; try again later")
        }
    }

    private static let conflict = "tuple to be written already existed or the tuple to be deleted did not exist"
}
