import FoundationEssentials
import GoldcrestCryptography
import GoldcrestHTTPClient
import HTTPTypes
import NIOCore

/// `SSHService`: a service that makes a key pair of short life for the bearer of a token.
struct KeyService: SSHCredentialSource {
    let url: String
    let client: KeyServiceClient

    private struct Order: Encodable {
        let duration = "1min"
        let username: String
    }

    private struct Answer: Decodable {
        struct Key: Decodable {
            let privateKey: String
            let publicKey: String
        }

        let sshKey: Key
    }

    func credential(for user: SSHUser) async throws -> SSHCredential {
        var fields = KeyServiceClient.fields(for: user)
        fields[.authorization] = "Bearer \(user.token)"
        let body = try await client.post(Order(username: user.name), to: url + "/api/v1/ssh-keys", fields: fields, user: user, expecting: .created)
        guard let key = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView)).sshKey else {
            throw SSHError(.credentialServiceUnreachable, "The SSH key service answers, but not with a key.")
        }
        return SSHCredential(privateKey: key.privateKey, publicKey: key.publicKey)
    }
}

/// `SSHCA`: an authority that signs a public key for the bearer of a token. The key pair is ours, and new for each login.
struct CertificateAuthority: SSHCredentialSource {
    let url: String
    let client: KeyServiceClient

    private struct Order: Encodable {
        let publicKey: String
        let token: String

        enum CodingKeys: String, CodingKey {
            case publicKey = "PublicKey"
            case token = "OTT"
        }
    }

    func credential(for user: SSHUser) async throws -> SSHCredential {
        let keys = try SSHKeyPair.generateECDSAP256()
        let order = Order(publicKey: keys.opensshPublicKey, token: user.token)
        let body = try await client.post(order, to: url + "/sign", fields: KeyServiceClient.fields(for: user), user: user, expecting: .ok)
        let text = String(buffer: body)
        // Some authorities send the text as a JSON string.
        let certificate = (try? JSONDecoder().decode(String.self, from: Data(text.utf8))) ?? text
        guard certificate.contains("-cert-v01@openssh.com ") else {
            throw SSHError(.credentialServiceUnreachable, "The SSH certificate authority answers, but not with a certificate.")
        }
        let line = certificate.split(whereSeparator: \.isNewline).first.map(String.init) ?? certificate
        return SSHCredential(privateKey: keys.privateKeyPEM, publicKey: line)
    }
}
