import GoldcrestCryptography
import Testing

@Suite struct CompactJWSTests {
    @Test("the RFCs' own examples verify", arguments: PublishedToken.all)
    func published(example: PublishedToken) throws {
        let key = try onlyKey(example.publicKey)
        #expect(try CompactJWS(parsing: example.token).isSigned(by: key))
    }

    @Test("tokens that another implementation signed verify, by JWK and by PEM", arguments: SignedToken.all)
    func signedElsewhere(example: SignedToken) throws {
        let token = try CompactJWS(parsing: example.token)
        let key = try onlyKey(example.publicKey)
        #expect(key.algorithm == example.algorithm)
        #expect(key.keyID == token.header.keyID)
        #expect(token.isSigned(by: key))
        if !example.publicKeyPEM.isEmpty {
            #expect(token.isSigned(by: try VerificationKey(pem: example.publicKeyPEM, algorithm: example.algorithm)))
        }
    }

    @Test("a change of any one character of a token is noticed", arguments: SignedToken.all)
    func tampered(example: SignedToken) throws {
        let key = try onlyKey(example.publicKey)
        let characters = Array(example.token.utf8)
        for position in characters.indices {
            var changed = characters
            changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let token = try? CompactJWS(parsing: String(decoding: changed, as: UTF8.self))
            #expect(token?.isSigned(by: key) != true, "position \(position)")
        }
    }

    @Test("a key of another type or algorithm never verifies a token", arguments: SignedToken.all)
    func otherKey(example: SignedToken) throws {
        let token = try CompactJWS(parsing: example.token)
        for other in SignedToken.all where other.algorithm != example.algorithm {
            #expect(!token.isSigned(by: try onlyKey(other.publicKey)), "\(other.algorithm)")
        }
    }

    @Test("a signature of a wrong length never verifies", arguments: SignedToken.all)
    func wrongLength(example: SignedToken) throws {
        let key = try onlyKey(example.publicKey)
        let parts = example.token.split(separator: ".")
        let input = Array("\(parts[0]).\(parts[1])".utf8)
        let signature = try #require(Base64URL.decode(parts[2]))
        #expect(key.isValidSignature(signature, for: input))
        let wrongSignatures: [[UInt8]] = [
            [], [0], signature.dropLast(), signature + [0], [0] + signature, signature + signature,
            [UInt8](repeating: 0, count: signature.count),
        ]
        for wrong in wrongSignatures {
            #expect(!key.isValidSignature(wrong, for: input), "\(wrong.count) bytes")
        }
    }

    @Test("a PSS signature needs a salt as long as the digest")
    func saltLength() throws {
        let key = try VerificationKey(pem: PSSSignatures.publicKeyPEM, algorithm: .ps256)
        func isValid(_ signature: String) throws -> Bool {
            key.isValidSignature(try #require(Base64URL.decode(signature)), for: Array("message".utf8))
        }
        #expect(try isValid(PSSSignatures.saltAsLongAsDigest))
        #expect(try !isValid(PSSSignatures.shortSalt))
        #expect(try !isValid(PSSSignatures.noSalt))
    }

    @Test("a public RSA key used as HMAC secret doesn't verify", arguments: ["HS256", "RS256"])
    func keyConfusion(algorithm: String) throws {
        let rsa = try #require(SignedToken.all.first { $0.algorithm == .rs256 })
        let key = try onlyKey(rsa.publicKey)
        for secret in [rsa.publicKeyPEM, rsa.publicKeyPEM + "\n", rsa.publicKey] {
            let input = "\(Base64URL.encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8))).\(Base64URL.encode(Array(#"{"sub":"root"}"#.utf8)))"
            let code = HMACSHA256.authenticationCode(for: Array(input.utf8), key: Array(secret.utf8))
            #expect(!(try CompactJWS(parsing: "\(input).\(Base64URL.encode(code))").isSigned(by: key)))
        }
    }

    @Test("an unsigned token never verifies", arguments: ["none", "None", "NONE", ""])
    func unsigned(algorithm: String) throws {
        let header = Base64URL.encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8))
        let token = try CompactJWS(parsing: "\(header).e30.")
        for example in SignedToken.all {
            #expect(!token.isSigned(by: try onlyKey(example.publicKey)))
        }
    }

    @Test("a header that names the other padding of the same RSA key doesn't verify")
    func algorithmOfTheKeyDecides() throws {
        let example = try #require(SignedToken.all.first { $0.algorithm == .ps256 })
        let key = try VerificationKey(pem: example.publicKeyPEM, algorithm: .rs256)
        #expect(!(try CompactJWS(parsing: example.token).isSigned(by: key)))
    }

    @Test("a signature that is good doesn't count under a header with another algorithm", arguments: ["RS256", "none", "HS256", "eddsa", "Ed25519"])
    func misnamedAlgorithm(algorithm: String) throws {
        let key = try SigningKey.generateEd25519()
        func isAccepted(_ algorithm: String) throws -> Bool {
            let input = "\(Base64URL.encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8))).e30"
            let signature = Base64URL.encode(try key.signature(for: Array(input.utf8)))
            return try CompactJWS(parsing: "\(input).\(signature)").isSigned(by: key.verificationKey)
        }
        #expect(try isAccepted("EdDSA"))
        #expect(try !isAccepted(algorithm))
    }

    @Test(
        "a text that is no compact JWS is refused",
        arguments: [
            "", ".", "..", "...", "a.b", "e30.e30", "e30.e30.e30", "e30.e30.e30.e30", "eyJhbGciOiJIUzI1NiJ9.e30.AA.AA.AA",
            "eyJhbGciOiJIUzI1NiJ9=.e30.AA", "eyJhbGciOiJIUzI1NiJ9.e30=.AA", "eyJhbGciOiJIUzI1NiJ9.e30.AA==", "eyJhbGciOiJIUzI1NiJ9.e30.AB",
            " eyJhbGciOiJIUzI1NiJ9.e30.AA", "eyJhbGciOiJIUzI1NiJ9.e30.AA\n", "eyJhbGciOiJIUzI1NiJ9\n.e30.AA", "W10.e30.AA", "bnVsbA.e30.AA",
            #"{"alg":"HS256"}.e30.AA"#,
        ])
    func malformed(text: String) {
        expectMalformed(text)
    }

    @Test(
        "a header with a wrong type, without alg or with crit is refused",
        arguments: [
            "{}", "[]", "7", "null", #"{"alg":7}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#, #"{"alg":"HS256","kid":7}"#, #"{"ALG":"HS256"}"#,
            #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"HS256","crit":[]}"#, #"{"alg":"HS256","crit":null}"#, #"{"alg":"HS256""#, "\u{0}",
        ])
    func malformedHeader(header: String) {
        expectMalformed("\(Base64URL.encode(Array(header.utf8))).e30.AA")
    }

    @Test("a token or header that is too large or too deep is refused, not followed")
    func excessive() {
        expectMalformed(String(repeating: "A", count: 16385))
        expectMalformed(String(repeating: ".", count: 16000))
        let deep = #"{"alg":"HS256","x":"# + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000) + "}"
        expectMalformed("\(Base64URL.encode(Array(deep.utf8))).e30.AA")
        let junk = String(repeating: "{", count: 10000)
        expectMalformed("\(Base64URL.encode(Array(junk.utf8))).e30.AA")
        let invalidUTF8 = Base64URL.encode(Array(#"{"alg":"HS"#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8))
        expectMalformed("\(invalidUTF8).e30.AA")
    }

    @Test("a long header of plain text is read")
    func longHeader() throws {
        let long = #"{"alg":"HS256","kid":"\#(String(repeating: "k", count: 10000))"}"#
        #expect(try CompactJWS(parsing: "\(Base64URL.encode(Array(long.utf8))).e30.AA").header.keyID?.count == 10000)
    }

    @Test("a token that is made here verifies with its key, and with no other")
    func roundTrip() throws {
        let key = try SigningKey.generateEd25519()
        let text = try CompactJWS.sign(payload: Array("payload".utf8), with: key, keyID: "one", type: "test")
        let token = try CompactJWS(parsing: text)
        #expect(token.header.algorithm == "EdDSA")
        #expect(token.header.keyID == "one")
        #expect(token.payload == Array("payload".utf8))
        #expect(token.isSigned(by: key.verificationKey))
        #expect(!token.isSigned(by: try SigningKey.generateEd25519().verificationKey))
    }

    @Test("one key verifies on many threads at once")
    func concurrentUse() async throws {
        let example = try #require(SignedToken.all.first { $0.algorithm == .ps256 })
        let key = try onlyKey(example.publicKey)
        let token = try CompactJWS(parsing: example.token)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (0..<50).allSatisfy { _ in token.isSigned(by: key) } }
            }
            for await isValid in group { #expect(isValid) }
        }
    }

    private func expectMalformed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: CryptographyError.self, sourceLocation: sourceLocation) { try CompactJWS(parsing: text) }
        #expect(error?.code == .malformedToken, sourceLocation: sourceLocation)
    }
}

/// The only key of a set that holds just `jwk`.
func onlyKey(_ jwk: String) throws -> VerificationKey {
    let set = try JSONWebKeySet(parsing: Array(#"{"keys":[\#(jwk)]}"#.utf8), defaultAlgorithm: nil)
    return try #require(set.keys.first, "\(set.skipped)")
}
