import FoundationEssentials

/// A signed token in its compact form: `header.payload.signature`, each base64url (RFC 7515 section 7.1).
///
/// That a token could be read says nothing about its truth: nothing of it may be believed before ``isSigned(by:)``.
public struct CompactJWS: Sendable {
    /// The largest token that is looked at, in bytes.
    public static let maximumSize = 16384

    public struct Header: Sendable {
        public let algorithm: String
        public let keyID: String?
        public let x509Thumbprint: String?
    }

    public let header: Header
    public let payload: [UInt8]
    private let signingInput: [UInt8]
    private let signature: [UInt8]

    /// - Throws: ``CryptographyError`` with the code `malformedToken` for a token that is too long, hasn't exactly three parts of strict base64url,
    ///   whose header is not a JSON object with an `alg`, or is marked critical (`crit`): none of those extensions is understood here, and RFC 7515
    ///   section 4.1.11 wants such a token refused.
    public init(parsing token: String) throws {
        guard token.utf8.count <= Self.maximumSize else {
            throw CryptographyError(.malformedToken, "The token is longer than \(Self.maximumSize) bytes")
        }
        let parts = token.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw CryptographyError(.malformedToken, "The token doesn't have three parts") }
        guard let headerBytes = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw CryptographyError(.malformedToken, "A part of the token is not base64url") }
        guard let fields = try? JSONDecoder().decode(HeaderFields.self, from: Data(headerBytes)) else {
            throw CryptographyError(.malformedToken, "The token's header is not a JSON object with an alg")
        }
        guard !fields.isCritical else {
            throw CryptographyError(.malformedToken, "The token's header demands extensions (crit) that are not supported")
        }
        header = Header(algorithm: fields.algorithm, keyID: fields.keyID, x509Thumbprint: fields.x509Thumbprint)
        self.payload = payload
        self.signature = signature
        signingInput = Array(token.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    /// Whether the key signed this token, with the algorithm that the key is for. A header that names another algorithm makes it false.
    public func isSigned(by key: VerificationKey) -> Bool {
        header.algorithm == key.algorithm.rawValue && key.isValidSignature(signature, for: signingInput)
    }

    /// Makes a token.
    ///
    /// - Parameters:
    ///   - keyID: The header's `kid`.
    ///   - type: The header's `typ`.
    public static func sign(payload: [UInt8], with key: SigningKey, keyID: String?, type: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = try encoder.encode(
            HeaderFields(algorithm: SignatureAlgorithm.edDSA.rawValue, keyID: keyID, type: type))
        let signingInput = "\(Base64URL.encode(header)).\(Base64URL.encode(payload))"
        return "\(signingInput).\(Base64URL.encode(try key.signature(for: Array(signingInput.utf8))))"
    }
}

extension CompactJWS {
    private struct HeaderFields: Codable {
        enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case keyID = "kid"
            case x509Thumbprint = "x5t"
            case type = "typ"
            case critical = "crit"
        }

        let algorithm: String
        let keyID: String?
        let x509Thumbprint: String?
        let type: String?
        let isCritical: Bool

        init(algorithm: String, keyID: String?, type: String) {
            self.algorithm = algorithm
            self.keyID = keyID
            x509Thumbprint = nil
            self.type = type
            isCritical = false
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            algorithm = try container.decode(String.self, forKey: .algorithm)
            keyID = try container.decodeIfPresent(String.self, forKey: .keyID)
            x509Thumbprint = try container.decodeIfPresent(String.self, forKey: .x509Thumbprint)
            type = nil
            isCritical = container.contains(.critical)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(algorithm, forKey: .algorithm)
            try container.encodeIfPresent(keyID, forKey: .keyID)
            try container.encodeIfPresent(type, forKey: .type)
        }
    }
}
