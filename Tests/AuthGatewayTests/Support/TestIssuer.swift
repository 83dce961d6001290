import Foundation
import GoldcrestCryptography
import GoldcrestProtocol

/// An issuer of tokens whose JWKS document lies in a file.
struct TestIssuer {
    let key: SigningKey
    let keyID: String
    let jwksURL: URL

    init(in folder: URL, keyID: String = "test") throws {
        key = try SigningKey.generateEd25519()
        self.keyID = keyID
        jwksURL = folder.appending(path: "jwks-\(UUID().uuidString).json")
        let publicKey = Data(base64Encoded: key.publicKeyPEM.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()) ?? Data()
        let jwks: JSONValue = [
            "keys": [
                [
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": .string(keyID),
                    "x": .string(Base64URL.encode([UInt8](publicKey.suffix(32)))),
                ]
            ]
        ]
        try JSONEncoder().encode(jwks).write(to: jwksURL)
    }

    func token(for user: String = "fireuser", lifetime: Int = 600, changing changes: [String: JSONValue] = [:]) throws -> String {
        let now = Int64(Date().timeIntervalSince1970)
        var claims: [String: JSONValue] = [
            "sub": .string(user), "preferred_username": .string(user), "iat": .integer(now), "nbf": .integer(now),
            "exp": .integer(now + Int64(lifetime)), "scope": "openid",
        ]
        claims.merge(changes) { $1 }
        claims = claims.filter { $0.value != .null }
        return try CompactJWS.sign(payload: [UInt8](JSONEncoder().encode(claims)), with: key, keyID: keyID, type: "JWT")
    }
}
