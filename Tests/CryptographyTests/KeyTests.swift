import Foundation
import GoldcrestCryptography
import Testing

@Suite struct KeyTests {
    /// RFC 8032 section 7.1, test 2, as PKCS #8 (RFC 8410 section 7).
    private let publishedKey = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
        -----END PRIVATE KEY-----
        """

    @Test("an Ed25519 signature is the published one")
    func publishedSignature() throws {
        let key = try SigningKey(pem: publishedKey)
        let signature = try key.signature(for: [0x72])
        #expect(
            signature.hexadecimal
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(key.verificationKey.isValidSignature(signature, for: [0x72]))
        #expect(!key.verificationKey.isValidSignature(signature, for: [0x73]))
    }

    @Test("a key comes back from its PEM")
    func pemRoundTrip() throws {
        let key = try SigningKey.generateEd25519()
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let same = try SigningKey(pem: key.pem)
        #expect(same.publicKeyPEM == key.publicKeyPEM)
        let publicKey = try VerificationKey(pem: key.publicKeyPEM, algorithm: .edDSA)
        #expect(publicKey.isValidSignature(try same.signature(for: [1, 2, 3]), for: [1, 2, 3]))
        #expect(try SigningKey.generateEd25519().pem != key.pem)
    }

    @Test("a private key of another kind, an encrypted one or junk is refused", arguments: refusedPrivateKeys)
    func refusedPrivateKey(pem: String) {
        let error = #expect(throws: CryptographyError.self) { try SigningKey(pem: pem) }
        #expect(error?.code == .invalidKey)
    }

    static let refusedPrivateKeys = [
        "", "junk", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", String(repeating: "A", count: 100_000),
        SignedToken.all[0].publicKeyPEM,
        """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIHc0p+g8ReSUiuLUbApVfSV7qQP4lX1CzKKLDUnzmJkUoAoGCCqGSM49
        AwEHoUQDQgAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==
        -----END EC PRIVATE KEY-----
        """,
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh9hXOn4pQ2bgICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPv3pKDHu8yyFEhXRsFVF6EEQKx1
        -----END ENCRYPTED PRIVATE KEY-----
        """,
    ]

    @Test("an EC private key is no signing key")
    func ecPrivateKey() throws {
        let pair = try SSHKeyPair.generateECDSAP256()
        #expect(throws: CryptographyError.self) { try SigningKey(pem: pair.privateKeyPEM) }
    }

    @Test("a public key that doesn't fit the algorithm or is too weak is refused")
    func misfit() throws {
        for example in SignedToken.all where !example.publicKeyPEM.isEmpty {
            #expect(throws: CryptographyError.self) { try VerificationKey(pem: example.publicKeyPEM, algorithm: .hs256) }
            for other in SignedToken.all where other.publicKeyPEM != example.publicKeyPEM {
                #expect(throws: CryptographyError.self) { try VerificationKey(pem: example.publicKeyPEM, algorithm: other.algorithm) }
            }
        }
        let error = #expect(throws: CryptographyError.self) { try VerificationKey(pem: UnusableKeys.weakRSAPEM, algorithm: .rs256) }
        #expect(error?.message.contains("2048") == true)
    }

    @Test("no description shows a secret")
    func descriptions() throws {
        let key = try SigningKey.generateEd25519()
        let pair = try SSHKeyPair.generateECDSAP256()
        let secret = try onlyKey(#"{"kty":"oct","kid":"s","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#)
        #expect("\(key) \(String(reflecting: key))".contains("PRIVATE") == false)
        #expect("\(pair) \(String(reflecting: pair))".contains("PRIVATE") == false)
        #expect("\(secret) \(String(reflecting: secret))" == "HS256 key s HS256 key s")
    }

    @Test("OpenSSH reads a fresh SSH key and finds the same public key in it")
    func sshKeyPair() throws {
        let pair = try SSHKeyPair.generateECDSAP256()
        #expect(pair.privateKeyPEM.hasPrefix("-----BEGIN EC PRIVATE KEY-----\n"))
        let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "key")
        #expect(FileManager.default.createFile(
            atPath: file.path, contents: Data(pair.privateKeyPEM.utf8), attributes: [.posixPermissions: 0o600]))

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
        process.arguments = ["-y", "-f", file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let publicKey = try output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: publicKey ?? Data(), as: UTF8.self).trimmingCharacters(in: .newlines) == pair.opensshPublicKey)
    }
}
