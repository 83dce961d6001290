import GoldcrestCryptography
import Testing

@Suite struct JSONWebKeySetTests {
    @Test("a key without alg gets the algorithm of its type", arguments: SignedToken.all)
    func algorithmOfType(example: SignedToken) throws {
        let key = try onlyKey(withoutAlgorithm(example))
        let expected: SignatureAlgorithm =
            switch example.algorithm {
            case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rs256
            case .hs384, .hs512: .hs256
            default: example.algorithm
            }
        #expect(key.algorithm == expected)
    }

    @Test("a key without alg gets the default algorithm if its type allows it")
    func defaultAlgorithm() throws {
        let rsa = try #require(SignedToken.all.first { $0.algorithm == .rs256 })
        let ec = try #require(SignedToken.all.first { $0.algorithm == .es384 })
        let set = try parse([withoutAlgorithm(rsa), withoutAlgorithm(ec), rsa.publicKey], defaultAlgorithm: "PS512")
        #expect(set.keys.map(\.algorithm) == [.ps512, .es384, .rs256])
        #expect(set.skipped == [])
    }

    @Test("an unknown default algorithm is an error")
    func unknownDefault() {
        let error = #expect(throws: CryptographyError.self) { try parse([], defaultAlgorithm: "RS1") }
        #expect(error?.code == .unsupportedAlgorithm)
    }

    @Test("x5t and kid are kept")
    func identifiers() throws {
        let key = try onlyKey(#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","x5t":"dGh1bWI"}"#)
        #expect(key.x509Thumbprint == "dGh1bWI")
        #expect(key.keyID == nil)
    }

    /// What stands in the set, and a word of the reason for leaving it out.
    static let unusable: [(jwk: String, reason: String)] = [
        (#"{"kty":"RSA","kid":"a","use":"enc","alg":"RS256","n":"AQ","e":"AQAB"}"#, "use"),
        (#"{"kty":"RSA","kid":"a","alg":"RSA-OAEP","n":"AQ","e":"AQAB"}"#, "RSA-OAEP"),
        (#"{"kty":"RSA","kid":"a","key_ops":["encrypt"],"n":"AQ","e":"AQAB"}"#, "key_ops"),
        (UnusableKeys.weakRSA, "2048"),
        (#"{"kty":"RSA","kid":"a","e":"AQAB"}"#, "n is missing"),
        (#"{"kty":"RSA","kid":"a","n":"AQ==","e":"AQAB"}"#, "base64url"),
        (#"{"kty":"RSA","kid":"a","n":"","e":""}"#, "RSA"),
        (#"{"kty":"EC","kid":"a","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#, "curve"),
        (#"{"kty":"EC","kid":"a","crv":"P-256","x":"AQ","y":"AQ"}"#, "x has 1 bytes"),
        (#"{"kty":"EC","kid":"a","crv":"secp256k1","x":"AQ","y":"AQ"}"#, "secp256k1"),
        (#"{"kty":"EC","kid":"a","crv":"P-384","alg":"ES256","x":"AQ","y":"AQ"}"#, "ES256"),
        (#"{"kty":"EC","kid":"a","alg":"RS256"}"#, "RS256"),
        (#"{"kty":"OKP","kid":"a","crv":"X25519","x":"AQ"}"#, "X25519"),
        (#"{"kty":"OKP","kid":"a","crv":"Ed25519","x":"AQ"}"#, "x has 1 bytes"),
        (#"{"kty":"oct","kid":"a","k":"c2hvcnQ"}"#, "32 bytes"),
        (#"{"kty":"oct","kid":"a","alg":"RS256","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#, "RS256"),
        (#"{"kty":"oct","kid":"a","alg":"none"}"#, "none"),
        (#"{"kty":"LWE","kid":"a"}"#, "LWE"),
        (#"{"kid":"a"}"#, "not a JSON Web Key"), ("7", "not a JSON Web Key"), ("null", "not a JSON Web Key"), ("[[]]", "not a JSON Web Key"),
        (#"{"kty":7}"#, "not a JSON Web Key"),
    ]

    @Test("an unusable key is left out with its reason, and takes no other with it", arguments: unusable)
    func unusableKey(jwk: String, reason: String) throws {
        let good = try #require(SignedToken.all.last).publicKey
        let set = try parse([good, jwk, good])
        #expect(set.keys.count == 2)
        let skipped = try #require(set.skipped.first)
        #expect(set.skipped.count == 1)
        #expect(skipped.contains(reason), "\(skipped)")
    }

    @Test("an RSA exponent that signs nothing is refused", arguments: ["AQ", "AA", "Ag", "AAAAAQ"])
    func exponent(exponent: String) throws {
        let rsa = try #require(SignedToken.all.first { $0.algorithm == .rs256 }).publicKey
        #expect(try parse([rsa.replacing(#""e": "AQAB""#, with: #""e": "\#(exponent)""#)]).keys.isEmpty)
    }

    @Test("a document that is no key set is refused", arguments: ["", "{}", "[]", "null", #"{"keys":{}}"#, #"{"keys":null}"#, "<html>", "{\"keys\":["])
    func noKeySet(text: String) {
        expectMalformed(Array(text.utf8))
    }

    @Test("a document that is too large or too deep is refused")
    func excessive() {
        expectMalformed(Array(#"{"keys":[]}"#.utf8) + [UInt8](repeating: 0x20, count: 10_000_000))
        expectMalformed(Array((#"{"keys":"# + String(repeating: "[", count: 10000) + String(repeating: "]", count: 10000) + "}").utf8))
        expectMalformed(Array(String(repeating: #"{"keys":"#, count: 10000).utf8))
    }

    private func parse(_ keys: [String], defaultAlgorithm: String? = nil) throws -> JSONWebKeySet {
        try JSONWebKeySet(parsing: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8), defaultAlgorithm: defaultAlgorithm)
    }

    private func withoutAlgorithm(_ example: SignedToken) -> String {
        example.publicKey.replacing(#""alg": "\#(example.algorithm.rawValue)", "#, with: "")
    }

    private func expectMalformed(_ json: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: CryptographyError.self, sourceLocation: sourceLocation) {
            try JSONWebKeySet(parsing: json, defaultAlgorithm: nil)
        }
        #expect(error?.code == .malformedKeySet, sourceLocation: sourceLocation)
    }
}
