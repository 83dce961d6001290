import Foundation
import GoldcrestCryptography

/// Signs any claims with an Ed25519 key, wrong ones too.
struct TestSigner {
    let key: SigningKey
    let keyID: String?

    init(keyID: String? = "one") throws {
        key = try .generateEd25519()
        self.keyID = keyID
    }

    var jwk: String {
        get throws {
            // The last 32 bytes of the DER behind the PEM are the key itself (RFC 8410 section 4).
            let base64 = key.publicKeyPEM.split(separator: "\n").dropFirst().dropLast().joined()
            let publicKey = Base64URL.encode(Array((Data(base64Encoded: base64) ?? Data()).suffix(32)))
            return #"{"kty":"OKP","crv":"Ed25519","x":"\#(publicKey)"\#(keyID.map { #","kid":"\#($0)""# } ?? "")}"#
        }
    }

    /// A token with these claims, as JSON.
    func token(_ claims: String) throws -> String {
        try CompactJWS.sign(payload: Array(claims.utf8), with: key, keyID: keyID, type: "JWT")
    }

    static func keySet(_ keys: String...) -> String { #"{"keys":[\#(keys.joined(separator: ","))]}"# }
}
