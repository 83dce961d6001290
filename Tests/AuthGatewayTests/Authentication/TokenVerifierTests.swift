import Foundation
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import Logging
import Testing

@testable import AuthGateway

@Suite struct TokenVerifierTests {
    private let clock = TestClock()
    private let issuer: TestSigner
    private let documents: TestDocuments
    private let keys: KeyStore
    private let verifier: TokenVerifier

    init() async throws {
        issuer = try TestSigner()
        documents = TestDocuments(["keys": TestSigner.keySet(try issuer.jwk, RSAKey.jwk)])
        keys = KeyStore(
            sources: ["keys"], defaultAlgorithm: nil, documents: documents, logger: Logger(label: "test"), now: clock.now)
        verifier = TokenVerifier(keys: keys, policy: TokenPolicy(), now: clock.now)
        #expect(await keys.refresh())
    }

    @Test("a good token tells who sends the request and what for")
    func goodToken() async throws {
        let token = try issuer.token(
            claims(#""preferred_username":"ada","scope":"openid firecrest","azp":"portal","iss":"https://issuer","nbf":1799999999.5,"iat":1800000000"#))
        let principal = try await verifier.principal(for: bearer(token))
        #expect(principal.username == "ada")
        #expect(principal.token == token)
        #expect(principal.scopes == ["openid", "firecrest"])
        #expect(principal.clientID == "portal")
        #expect(principal.issuer == "https://issuer")
        #expect(principal.expiry == clock.now() + 300)
        #expect(!"\(principal) \(String(reflecting: principal))".contains(token))
        #expect(try await verifier.principal(for: bearer(token)) == principal)
    }

    @Test("a token of an RSA key is good too, and the scheme may be written in any case", arguments: ["Bearer ", "bearer ", "BEARER   "])
    func rsaToken(scheme: String) async throws {
        #expect(try await verifier.principal(for: [.authorization: scheme + RSAKey.token]).username == "ada")
    }

    @Test(
        "a header without a bearer token is a 401",
        arguments: ["", "Bearer", "Bearer ", "Bearer  ", "Basic dXNlcjpwYXNz", "Bearers abc", "Bearer\tabc", "Token abc", "Bearer abc", "Bearer a.b.c", "Bearer ..", "Bearer a.b.c d.e.f"])
    func noToken(value: String) async {
        await expect401([.authorization: value])
    }

    @Test("no header, and two of them, are a 401")
    func headerCount() async throws {
        await expect401([:], "A token is required")
        let token = try issuer.token(claims())
        var twice = bearer(token)
        twice.append(HTTPField(name: .authorization, value: "Bearer \(token)"))
        await expect401(twice, "once")
    }

    @Test("the token must end, and at least 30 seconds from now")
    func expiry() async throws {
        for (seconds, message) in [(-1, "expired"), (0, "expired"), (29, "at least 30 s left"), (1, "expires in 1 s")] {
            await expect401(bearer(try issuer.token(claims(lifetime: seconds))), message)
        }
        await expect401(bearer(try issuer.token(#"{"preferred_username":"ada"}"#)), "no expiry")
        for expiry in ["null", #""1900000000""#, "true", "[1900000000]"] {
            await expect401(bearer(try issuer.token(#"{"preferred_username":"ada","exp":\#(expiry)}"#)), "exp is not a number")
        }
        await expect401(bearer(try issuer.token(#"{"preferred_username":"ada","exp":1e999}"#)))
        #expect(try await verifier.principal(for: bearer(try issuer.token(claims(lifetime: 30)))).username == "ada")
    }

    @Test("an expiry at the end of time is taken for a late one")
    func lateExpiry() async throws {
        let principal = try await verifier.principal(for: bearer(try issuer.token(#"{"preferred_username":"ada","exp":1e300}"#)))
        #expect(Int(exactly: principal.expiry.timeIntervalSince1970) != nil)
    }

    @Test("a remembered token ends like any other")
    func rememberedExpiry() async throws {
        let headerFields = bearer(try issuer.token(claims(lifetime: 60)))
        #expect(try await verifier.principal(for: headerFields).username == "ada")
        clock.advance(by: 29)
        #expect(try await verifier.principal(for: headerFields).username == "ada")
        clock.advance(by: 2)
        await expect401(headerFields, "at least 30 s left")
        clock.advance(by: 30)
        await expect401(headerFields, "expired")
    }

    @Test("a token from the future is a 401, a few seconds aside")
    func future() async throws {
        for name in ["nbf", "iat"] {
            await expect401(bearer(try issuer.token(claims(#""preferred_username":"ada","\#(name)":1800000011"#))), name)
            await expect401(bearer(try issuer.token(claims(#""preferred_username":"ada","\#(name)":"now""#))), name)
            let almost = try issuer.token(claims(#""preferred_username":"ada","\#(name)":1800000009"#))
            #expect(try await verifier.principal(for: bearer(almost)).username == "ada")
        }
    }

    @Test("a missing user claim is a 400", arguments: ["", #""preferred_username":null"#, #""sub":"ada""#, #""nested":{"preferred_username":"ada"}"#])
    func missingUser(claim: String) async throws {
        let error = await refusal(of: bearer(try issuer.token(claims(claim))))
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains("preferred_username") == true)
    }

    @Test(
        "a user who is no text or no possible name is a 401",
        arguments: [
            "7", "7.5", "true", "[]", #"["ada"]"#, "{}", #""""#, #""a/b""#, #""..""#, #"".""#, #""-ada""#, #""ad a""#, #""ad\u0000a""#, #""ada\n""#,
            #""ada\r\nX: y""#, #""ада""#, #""*""#, #""group:x#member""#, #""ada,bob""#, #""$(id)""#, #""ada;id""#, #""\#(String(repeating: "a", count: 256))""#,
        ])
    func hostileUser(value: String) async throws {
        await expect401(bearer(try issuer.token(claims(#""preferred_username":\#(value)"#))), "preferred_username")
    }

    @Test("usual names of users are good", arguments: ["ada", "ada.lovelace", "ada-l_1", "ada@example.org", "service-account-portal", "4711", "ada+hpc"])
    func usualUser(name: String) async throws {
        let token = try issuer.token(claims(#""preferred_username":"\#(name)""#))
        #expect(try await verifier.principal(for: bearer(token)).username == name)
    }

    @Test("the claim with the user's name is configurable")
    func usernameClaim() async throws {
        let verifier = TokenVerifier(keys: keys, policy: TokenPolicy(usernameClaim: "https://site/user.name"), now: clock.now)
        let token = try issuer.token(claims(#""preferred_username":"other","https://site/user.name":"ada""#))
        #expect(try await verifier.principal(for: bearer(token)).username == "ada")
    }

    @Test("the audience counts only when it is configured", arguments: [#""aud":"firecrest""#, #""aud":["account","firecrest"]"#])
    func audience(claim: String) async throws {
        let strict = TokenVerifier(keys: keys, policy: TokenPolicy(audience: "firecrest"), now: clock.now)
        let token = try issuer.token(claims(#""preferred_username":"ada",\#(claim)"#))
        #expect(try await strict.principal(for: bearer(token)).username == "ada")
        for other in ["", #","aud":"account""#, #","aud":[]"#, #","aud":{"firecrest":1}"#] {
            let token = try issuer.token(claims(#""preferred_username":"ada"\#(other)"#))
            #expect(await refusal(of: bearer(token), by: strict)?.message.contains("aud") == true)
            #expect(try await verifier.principal(for: bearer(token)).username == "ada")
        }
    }

    @Test("scopes may be a text, a list or missing")
    func scopes() async throws {
        for (claim, scopes) in [(#""scope":"a  b ""#, ["a", "b"]), (#""scp":["a","b"]"#, ["a", "b"]), (#""scope":7"#, []), (#""x":0"#, [])] as [(String, Set<String>)] {
            let token = try issuer.token(claims(#""preferred_username":"ada",\#(claim)"#))
            #expect(try await verifier.principal(for: bearer(token)).scopes == scopes, "\(claim)")
        }
    }

    @Test("a token that was changed, or remembered and then changed, is a 401")
    func tampered() async throws {
        let token = try issuer.token(claims())
        #expect(try await verifier.principal(for: bearer(token)).username == "ada")
        let parts = token.split(separator: ".").map(String.init)
        let root = try issuer.token(claims(#""preferred_username":"root""#)).split(separator: ".").map(String.init)
        await expect401(bearer("\(parts[0]).\(root[1]).\(parts[2])"), "signature")
        await expect401(bearer("\(parts[0]).\(parts[1]).\(root[2])"), "signature")
        await expect401(bearer("\(parts[0]).\(parts[1])."), "signature")
        await expect401(bearer(token + "="), "base64url")
        await expect401(bearer(token + ".x"), "three parts")
        await expect401(bearer(String(token.dropLast(2))))
    }

    @Test("an unsigned token is a 401", arguments: ["none", "None", "NONE"])
    func unsigned(algorithm: String) async {
        for keyID in [#","kid":"one""#, ""] {
            let header = Base64URL.encode(Array(#"{"alg":"\#(algorithm)"\#(keyID)}"#.utf8))
            await expect401(bearer("\(header).\(Base64URL.encode(Array(claims().utf8)))."), "not signed")
        }
    }

    @Test("a public RSA key doesn't serve as a secret")
    func keyConfusion() async {
        for secret in [RSAKey.pem, RSAKey.pem + "\n", RSAKey.jwk] {
            for keyID in [#","kid":"rs256""#, ""] {
                let header = Base64URL.encode(Array(#"{"alg":"HS256"\#(keyID)}"#.utf8))
                let input = "\(header).\(Base64URL.encode(Array(claims().utf8)))"
                let code = HMACSHA256.authenticationCode(for: Array(input.utf8), key: Array(secret.utf8))
                await expect401(bearer("\(input).\(Base64URL.encode(code))"), "signature")
            }
        }
    }

    @Test("another key under a known key's id is a 401 and reads no documents")
    func wrongKey() async throws {
        let before = documents.readCount
        await expect401(bearer(try TestSigner(keyID: "one").token(claims())), "signature")
        #expect(documents.readCount == before)
    }

    @Test("a token that is too long is a 401")
    func tooLong() async throws {
        let token = try issuer.token(claims(#""preferred_username":"ada","x":"\#(String(repeating: "x", count: 20000))""#))
        await expect401(bearer(token), "16384")
    }

    @Test("a payload that is no object is a 401", arguments: ["", "[]", "7", "null", "{", #"{"exp":"#])
    func payload(text: String) async throws {
        await expect401(bearer(try issuer.token(text)), "JSON object")
    }

    @Test("a remembered token goes with the key that signed it")
    func withdrawnKey() async throws {
        let headerFields = bearer(try issuer.token(claims()))
        #expect(try await verifier.principal(for: headerFields).username == "ada")
        documents.write(TestSigner.keySet(RSAKey.jwk), to: "keys")
        #expect(await keys.refresh())
        await expect401(headerFields, "doesn't know")
    }

    @Test("no refusal repeats the token")
    func noEcho() async throws {
        let token = try TestSigner(keyID: "one").token(claims())
        let error = await refusal(of: bearer(token))
        #expect(error?.headerFields[.wwwAuthenticate] == "Bearer")
        #expect(error?.message.contains(token.prefix(20)) == false)
    }

    private func claims(_ claims: String = #""preferred_username":"ada""#, lifetime: Int = 300) -> String {
        let expiry = Int(clock.now().timeIntervalSince1970) + lifetime
        return #"{"exp":\#(expiry)\#(claims.isEmpty ? "" : ",")\#(claims)}"#
    }

    private func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }

    private func refusal(of headerFields: HTTPFields, by verifier: TokenVerifier? = nil) async -> APIError? {
        do throws(APIError) {
            _ = try await (verifier ?? self.verifier).principal(for: headerFields)
            return nil
        } catch {
            return error
        }
    }

    private func expect401(_ headerFields: HTTPFields, _ part: String = "", sourceLocation: SourceLocation = #_sourceLocation) async {
        let error = await refusal(of: headerFields)
        #expect(error?.status == .unauthorized, sourceLocation: sourceLocation)
        #expect(error?.headerFields[.wwwAuthenticate] == "Bearer", sourceLocation: sourceLocation)
        #expect(part.isEmpty || error?.message.contains(part) == true, "\(error?.message ?? "no error")", sourceLocation: sourceLocation)
    }
}
