import HTTPTypes

/// An error as OpenFGA's HTTP API tells it: `{"code": "type_not_found", "message": "type 'folder' not found"}`.
struct OpenFGAError: Error, Sendable, Hashable {
    /// OpenFGA's codes that are answered here (`errors_ignore.proto` of its API).
    enum Code: String, Sendable, CaseIterable {
        case bearerTokenMissing = "bearer_token_missing"
        case unauthenticated

        case validationError = "validation_error"
        case authorizationModelNotFound = "authorization_model_not_found"
        case latestAuthorizationModelNotFound = "latest_authorization_model_not_found"
        case authorizationModelResolutionTooComplex = "authorization_model_resolution_too_complex"
        case invalidAuthorizationModel = "invalid_authorization_model"
        case invalidWriteInput = "invalid_write_input"
        case writeFailedDueToInvalidInput = "write_failed_due_to_invalid_input"
        case cannotAllowDuplicateTuplesInOneRequest = "cannot_allow_duplicate_tuples_in_one_request"
        case exceededEntityLimit = "exceeded_entity_limit"
        case invalidContinuationToken = "invalid_continuation_token"
        case typeContinuationTokenMismatch = "query_string_type_continuation_token_mismatch"
        case invalidTuple = "invalid_tuple"
        case invalidExpandInput = "invalid_expand_input"
        case typeNotFound = "type_not_found"
        case relationNotFound = "relation_not_found"
        case assertionsTooManyItems = "assertions_too_many_items"
        case pageSizeInvalid = "page_size_invalid"
        case tupleKeyValueNotSpecified = "tuple_key_value_not_specified"
        case typeInvalidPattern = "type_invalid_pattern"
        case typeDefinitionsTooFewItems = "type_definitions_too_few_items"
        case cancelled

        case aborted = "Aborted"
        case resourceExhausted = "resource_exhausted"
        case internalError = "internal_error"
        case deadlineExceeded = "deadline_exceeded"
        case unavailable

        case undefinedEndpoint = "undefined_endpoint"
        case storeIDNotFound = "store_id_not_found"

        /// The status that goes with the code, as in OpenFGA's `pkg/server/errors`. Two differ: what is too large is the client's fault, not the
        /// server's (413, where OpenFGA is going as well), and a database that is away is worth another attempt (503).
        var status: HTTPResponse.Status {
            switch self {
            case .bearerTokenMissing, .unauthenticated: .unauthorized
            case .aborted: .conflict
            case .resourceExhausted: .contentTooLarge
            case .internalError, .deadlineExceeded: .internalServerError
            case .unavailable: .serviceUnavailable
            case .undefinedEndpoint, .storeIDNotFound: .notFound
            default: .badRequest
            }
        }
    }

    let code: Code
    /// For the client: names the cause, never a secret.
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
