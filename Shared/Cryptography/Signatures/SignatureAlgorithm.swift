/// The signature algorithms of JOSE that tokens may use, by their registered names (RFC 7518 section 3.1, RFC 8037 section 3.1).
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    /// Ed25519 only.
    case edDSA = "EdDSA"
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
}

extension SignatureAlgorithm {
    /// The families, which differ in their keys and in the form of their signatures.
    enum Family: Equatable {
        case rsaPKCS1
        case rsaPSS
        /// - Parameters:
        ///   - group: The curve's name in OpenSSL.
        ///   - curve: The curve's name in JOSE.
        ///   - coordinateLength: The length in bytes of a coordinate, and of each half of a signature.
        case ecdsa(group: String, curve: String, coordinateLength: Int)
        case ed25519
        case hmac
    }

    enum Digest {
        case sha256
        case sha384
        case sha512

        /// In bytes.
        var length: Int {
            switch self {
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }
    }

    var family: Family {
        switch self {
        case .rs256, .rs384, .rs512: .rsaPKCS1
        case .ps256, .ps384, .ps512: .rsaPSS
        case .es256: .ecdsa(group: "prime256v1", curve: "P-256", coordinateLength: 32)
        case .es384: .ecdsa(group: "secp384r1", curve: "P-384", coordinateLength: 48)
        case .es512: .ecdsa(group: "secp521r1", curve: "P-521", coordinateLength: 66)
        case .edDSA: .ed25519
        case .hs256, .hs384, .hs512: .hmac
        }
    }

    /// The digest that is signed; nil where the algorithm signs the message itself.
    var digest: Digest? {
        switch self {
        case .rs256, .ps256, .es256, .hs256: .sha256
        case .rs384, .ps384, .es384, .hs384: .sha384
        case .rs512, .ps512, .es512, .hs512: .sha512
        case .edDSA: nil
        }
    }
}
