/// The body of every error answer of the API.
public struct ErrorBody: Codable, Sendable, Equatable {
    /// Whether the request was refused for its shape (`validation`) or for any other reason (`error`).
    public enum Kind: String, Codable, Sendable {
        case error
        case validation
    }

    /// Where in a request a wrong field stands.
    public struct Field: Codable, Sendable, Equatable {
        public enum Location: String, Codable, Sendable {
            case query
            case path
            case body
        }

        public var location: Location
        /// The field's name, or the offset in bytes at which a JSON text stops being JSON.
        public var name: String
        public var message: String

        public init(location: Location, name: String, message: String) {
            self.location = location
            self.name = name
            self.message = message
        }
    }

    /// More about the error; today only the wrong fields of a validation error.
    public struct Details: Codable, Sendable, Equatable {
        public var fields: [Field]

        public init(fields: [Field]) {
            self.fields = fields
        }
    }

    public var errorType: Kind
    public var message: String
    @Nullable public var causedBy: [String]?
    @Nullable public var data: Details?
    @Nullable public var user: String?

    public init(
        errorType: Kind = .error, message: String, causedBy: [String]? = nil, data: Details? = nil, user: String? = nil
    ) {
        self.errorType = errorType
        self.message = message
        self.causedBy = causedBy
        self.data = data
        self.user = user
    }
}
