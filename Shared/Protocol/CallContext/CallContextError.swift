import HTTPTypes

/// Why a call context was refused.
public struct CallContextError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case missing
            case malformed
            case unknownIssuer
            case issuerNotAccepted
            case wrongSignature
            case expired
            case lifetimeTooLong
        }

        private let kind: Kind

        public static let missing = Code(kind: .missing)
        /// It is no compact JWS, or its payload is no call context.
        public static let malformed = Code(kind: .malformed)
        /// The key folder has no public key of the issuer.
        public static let unknownIssuer = Code(kind: .unknownIssuer)
        /// The issuer is known, but may not make this call.
        public static let issuerNotAccepted = Code(kind: .issuerNotAccepted)
        public static let wrongSignature = Code(kind: .wrongSignature)
        public static let expired = Code(kind: .expired)
        /// It ends later than a context may.
        public static let lifetimeTooLong = Code(kind: .lifetimeTooLong)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension CallContextError: APIErrorConvertible {
    public var apiError: APIError { APIError(.unauthorized, message) }
}
