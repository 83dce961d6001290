import GoldcrestCryptography

/// How a token names the key that signed it: by `kid`, else by `x5t`, or not at all (RFC 7515 section 4.1).
enum KeyIdentity: Hashable {
    case keyID(String)
    case x509Thumbprint(String)
    case none

    init(of header: CompactJWS.Header) {
        if let keyID = header.keyID {
            self = .keyID(keyID)
        } else if let thumbprint = header.x509Thumbprint {
            self = .x509Thumbprint(thumbprint)
        } else {
            self = .none
        }
    }

    /// Whether the key may be the one that is meant.
    func matches(_ key: VerificationKey) -> Bool {
        switch self {
        case .keyID(let keyID): key.keyID == keyID
        case .x509Thumbprint(let thumbprint): key.x509Thumbprint == thumbprint
        case .none: true
        }
    }
}
