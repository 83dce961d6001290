/// Why a key, a token or a cryptographic operation was refused. Never holds a secret.
public struct CryptographyError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case invalidKey
            case unsupportedAlgorithm
            case malformedToken
            case malformedKeySet
            case operationFailed
        }

        private let kind: Kind

        /// The key cannot be read, is of the wrong type, or is too weak.
        public static let invalidKey = Code(kind: .invalidKey)
        /// The name of a signature algorithm is none that is supported here.
        public static let unsupportedAlgorithm = Code(kind: .unsupportedAlgorithm)
        /// The text is not a compact JWS that may be looked at.
        public static let malformedToken = Code(kind: .malformedToken)
        /// The document is not a JSON Web Key Set.
        public static let malformedKeySet = Code(kind: .malformedKeySet)
        /// OpenSSL refused an operation that ought to work.
        public static let operationFailed = Code(kind: .operationFailed)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
