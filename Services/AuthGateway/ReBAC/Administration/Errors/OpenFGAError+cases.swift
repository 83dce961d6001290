import ReBAC

/// The errors that more than one request can end in, with OpenFGA's messages, which tools look for.
extension OpenFGAError {
    static let resolutionTooComplex = OpenFGAError(
        .authorizationModelResolutionTooComplex,
        "Authorization Model resolution required too many rewrite rules to be resolved. "
            + "Check your authorization model for infinite recursion or too much nesting")
    static let deadlineExceeded = OpenFGAError(.deadlineExceeded, "Request Deadline Exceeded")
    static let storeNotFound = OpenFGAError(.storeIDNotFound, "Store ID not found")
    static let invalidContinuationToken = OpenFGAError(.invalidContinuationToken, "Invalid continuation token")
    static let undefinedEndpoint = OpenFGAError(.undefinedEndpoint, "Not Found")

    static func modelNotFound(_ id: String) -> OpenFGAError {
        OpenFGAError(.authorizationModelNotFound, "Authorization Model '\(id)' not found")
    }

    static func noModel(inStore id: String) -> OpenFGAError {
        OpenFGAError(.latestAuthorizationModelNotFound, "No authorization models found for store '\(id)'")
    }

    static func typeNotFound(_ type: String) -> OpenFGAError {
        OpenFGAError(.typeNotFound, "type '\(type)' not found")
    }

    static func relationNotFound(_ relation: String, ofType type: String) -> OpenFGAError {
        OpenFGAError(.relationNotFound, "relation '\(type)#\(relation)' not found")
    }

    static func exceeded(_ entities: String, limit: Int) -> OpenFGAError {
        OpenFGAError(.exceededEntityLimit, "The number of \(entities) exceeds the allowed limit of \(limit)")
    }

    static func duplicate(_ key: TupleKey) -> OpenFGAError {
        OpenFGAError(.cannotAllowDuplicateTuplesInOneRequest, "duplicate tuple in write: \(key.fields)")
    }

    static func invalidTuple(_ key: TupleKey, _ reason: String) -> OpenFGAError {
        OpenFGAError(.invalidTuple, "Invalid tuple '\(key)'. Reason: \(reason)")
    }

    /// A field that breaks a rule of its message. A few rules have a code of their own.
    static func invalid(_ message: String, _ field: String, _ reason: String) -> OpenFGAError {
        let code: Code =
            switch field {
            case "Assertions" where reason.hasPrefix("value must contain no more than"): .assertionsTooManyItems
            case "PageSize" where reason.hasPrefix("value must be inside range"): .pageSizeInvalid
            case "TupleKey" where reason == "value is required": .tupleKeyValueNotSpecified
            case "Type" where reason.hasPrefix("value does not match regex pattern"): .typeInvalidPattern
            case "TypeDefinitions" where reason.hasPrefix("value must contain at least"): .typeDefinitionsTooFewItems
            default: .validationError
            }
        return OpenFGAError(code, "invalid \(message).\(field): \(reason)")
    }
}

extension TupleKey {
    /// As OpenFGA's messages about writes list a tuple.
    var fields: String { "user: '\(user)', relation: '\(relation)', object: '\(object)'" }
}
