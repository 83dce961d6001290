import Foundation
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import Logging
import Testing

@testable import AuthGateway

@Suite struct KeyStoreTests {
    private let clock = TestClock()
    private let first: TestSigner
    private let second: TestSigner

    init() throws {
        first = try TestSigner(keyID: "one")
        second = try TestSigner(keyID: "two")
    }

    @Test("an unknown key id leads to one reading, which finds the new key")
    func rotation() async throws {
        let documents = TestDocuments(["keys": TestSigner.keySet(try first.jwk)])
        let keys = store(documents)
        #expect(await keys.refresh())
        documents.write(TestSigner.keySet(try first.jwk, try second.jwk), to: "keys")
        #expect(try await isAccepted(second, by: keys))
        #expect(documents.readCount == 2)
        #expect(try await isAccepted(first, by: keys))
        #expect(documents.readCount == 2)
    }

    @Test("unknown key ids lead to at most one reading in 30 seconds")
    func interval() async throws {
        let documents = TestDocuments(["keys": TestSigner.keySet(try first.jwk)])
        let keys = store(documents)
        #expect(await keys.refresh())
        for number in 0..<20 {
            #expect(try await !isAccepted(TestSigner(keyID: "unknown \(number)"), by: keys))
        }
        #expect(documents.readCount == 2)
        documents.write(TestSigner.keySet(try second.jwk), to: "keys")
        clock.advance(by: 29)
        #expect(try await !isAccepted(second, by: keys))
        #expect(documents.readCount == 2)
        clock.advance(by: 1)
        #expect(try await isAccepted(second, by: keys))
        #expect(documents.readCount == 3)
    }

    @Test("a clock that is set back doesn't stop the readings")
    func clockSetBack() async throws {
        let documents = TestDocuments(["keys": TestSigner.keySet(try first.jwk)])
        let keys = store(documents)
        await keys.refreshForUnknownKey()
        clock.advance(by: -3600)
        await keys.refreshForUnknownKey()
        #expect(documents.readCount == 2)
    }

    @Test("callers at the same time share one reading")
    func sharing() async throws {
        let documents = TestDocuments(["keys": TestSigner.keySet(try first.jwk)], pause: .milliseconds(50))
        let keys = store(documents)
        let token = try first.token(#"{"exp":1900000000,"preferred_username":"ada"}"#)
        let verifier = TokenVerifier(keys: keys, policy: TokenPolicy(), now: clock.now)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { (try? await verifier.principal(for: [.authorization: "Bearer \(token)"])) != nil }
            }
            for await isAccepted in group { #expect(isAccepted) }
        }
        #expect(documents.readCount == 1)
    }

    @Test("a caller that is cancelled doesn't take the reading away from the others")
    func cancellation() async throws {
        let documents = TestDocuments(["keys": TestSigner.keySet(try first.jwk)], pause: .milliseconds(50))
        let keys = store(documents)
        let cancelled = Task { await keys.refresh() }
        let other = Task { await keys.refresh() }
        cancelled.cancel()
        #expect(await other.value)
        #expect(keys.hasKeys)
    }

    @Test("two keys with the same id are both tried")
    func sameID() async throws {
        let twin = try TestSigner(keyID: "one")
        let keys = store(TestDocuments(["keys": TestSigner.keySet(try first.jwk, try twin.jwk)]))
        #expect(try await isAccepted(first, by: keys))
        #expect(try await isAccepted(twin, by: keys))
        #expect(try await !isAccepted(TestSigner(keyID: "one"), by: keys))
    }

    @Test("a token without key id is tried against all keys, and one with id against no key without")
    func withoutID() async throws {
        let anonymous = try TestSigner(keyID: nil)
        let keys = store(TestDocuments(["keys": TestSigner.keySet(try first.jwk, try anonymous.jwk)]))
        #expect(try await isAccepted(anonymous, by: keys))
        let token = try CompactJWS.sign(
            payload: Array(#"{"exp":1900000000,"preferred_username":"ada"}"#.utf8), with: first.key, keyID: nil, type: "JWT")
        let verifier = TokenVerifier(keys: keys, policy: TokenPolicy(), now: clock.now)
        #expect(try await verifier.principal(for: [.authorization: "Bearer \(token)"]).username == "ada")
        let named = try CompactJWS.sign(
            payload: Array(#"{"exp":1900000000,"preferred_username":"ada"}"#.utf8), with: anonymous.key, keyID: "some", type: "JWT")
        await #expect(throws: APIError.self) { try await verifier.principal(for: [.authorization: "Bearer \(named)"]) }
    }

    @Test("a key is found by its thumbprint when the token names no key id")
    func thumbprint() throws {
        let key = try JSONWebKeySet(
            parsing: Array(TestSigner.keySet(#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","x5t":"t"}"#).utf8),
            defaultAlgorithm: nil
        ).keys[0]
        func identity(_ header: String) throws -> KeyIdentity {
            KeyIdentity(of: try CompactJWS(parsing: "\(Base64URL.encode(Array(header.utf8))).e30.AA").header)
        }
        #expect(try identity(#"{"alg":"EdDSA","x5t":"t"}"#).matches(key))
        #expect(try !identity(#"{"alg":"EdDSA","x5t":"u"}"#).matches(key))
        #expect(try !identity(#"{"alg":"EdDSA","x5t":"t","kid":"k"}"#).matches(key))
        #expect(try identity(#"{"alg":"EdDSA"}"#).matches(key))
    }

    @Test("the keys of a document stay when it cannot be read any more, and those of others change")
    func failure() async throws {
        let documents = TestDocuments(["a": TestSigner.keySet(try first.jwk), "b": TestSigner.keySet()])
        let keys = store(documents, sources: ["a", "b"])
        #expect(await keys.refresh())
        documents.write(TestSigner.keySet(try second.jwk), to: "b")
        for broken in [nil, "<html>", String(repeating: " ", count: 10_000_000), String(repeating: #"{"keys":["#, count: 10000)] {
            documents.write(broken, to: "a")
            #expect(await !keys.refresh())
        }
        #expect(try await isAccepted(first, by: keys))
        #expect(try await isAccepted(second, by: keys))
    }

    @Test("the version changes with the keys only")
    func version() async throws {
        let documents = TestDocuments(["keys": TestSigner.keySet(try first.jwk)])
        let keys = store(documents)
        #expect(await keys.refresh())
        let version = keys.version
        #expect(await keys.refresh())
        #expect(keys.version == version)
        documents.write(TestSigner.keySet(try second.jwk), to: "keys")
        #expect(await keys.refresh())
        #expect(keys.version != version)
    }

    @Test("without any key the refusal says that the keys are missing")
    func noKeys() async throws {
        let keys = store(TestDocuments())
        #expect(!keys.hasKeys)
        let verifier = TokenVerifier(keys: keys, policy: TokenPolicy(), now: clock.now)
        let token = try first.token(#"{"exp":1900000000,"preferred_username":"ada"}"#)
        let error = await #expect(throws: APIError.self) { try await verifier.principal(for: [.authorization: "Bearer \(token)"]) }
        #expect(error?.status == .unauthorized)
        #expect(error?.message.contains("could not be read yet") == true)
    }

    @Test("the service retries until the documents can be read, then reads them at intervals, and ends when it is cancelled")
    func running() async throws {
        let documents = TestDocuments()
        let keys = store(
            documents,
            schedule: .init(interval: .milliseconds(5), firstRetry: .milliseconds(1), lastRetry: .milliseconds(4)))
        let running = Task { try await keys.run() }
        try await poll { documents.readCount >= 5 }
        #expect(!keys.hasKeys)
        documents.write(TestSigner.keySet(try first.jwk), to: "keys")
        try await poll { keys.hasKeys }
        documents.write(TestSigner.keySet(), to: "keys")
        try await poll { !keys.hasKeys }
        running.cancel()
        try await running.value
    }

    private func store(_ documents: TestDocuments, sources: [String] = ["keys"], schedule: KeyStore.Schedule = .init()) -> KeyStore {
        KeyStore(
            sources: sources, defaultAlgorithm: nil, documents: documents, schedule: schedule, logger: Logger(label: "test"), now: clock.now)
    }

    private func isAccepted(_ issuer: TestSigner, by keys: KeyStore) async throws -> Bool {
        let verifier = TokenVerifier(keys: keys, policy: TokenPolicy(), now: clock.now)
        let token = try issuer.token(#"{"exp":1900000000,"preferred_username":"ada"}"#)
        return (try? await verifier.principal(for: [.authorization: "Bearer \(token)"])) != nil
    }

    /// Waits until the condition is true, at most ten seconds.
    private func poll(_ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while !condition() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
