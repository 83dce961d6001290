import Foundation
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import Synchronization
import Testing

@Suite struct CallContextTests {
    private let clock = TestClock()
    private let keys: [CallIssuer: SigningKey]
    private let verifier: CallContextVerifier

    init() throws {
        keys = [.authGateway: try .generateEd25519(), .healthChecker: try .generateEd25519()]
        verifier = CallContextVerifier(keys: keys.mapValues(\.verificationKey), capacity: 16, now: clock.now)
    }

    @Test("what the gateway signs arrives whole")
    func roundTrip() throws {
        let unhealthy = [UnhealthyService(.scheduler), UnhealthyService(.filesystem, path: "/scratch")]
        let value = try signer(.authGateway).headerValue(user: "ada", system: "daint", unhealthyServices: unhealthy)
        let context = try verifier.context(from: value, accepting: [.authGateway])
        #expect(context.issuer == .authGateway)
        #expect(context.user == "ada")
        #expect(context.system == "daint")
        #expect(context.unhealthyServices == unhealthy)
        let remaining = context.expiry.timeIntervalSince(clock.now())
        #expect(remaining > 58 && remaining <= 60)
    }

    @Test("a context is signed once for a user, a system and its health, until half a minute before its end")
    func reuse() throws {
        let signer = try signer(.authGateway)
        let first = try signer.headerValue(user: "ada", system: "daint")
        #expect(try signer.headerValue(user: "ada", system: "daint") == first)
        #expect(try signer.headerValue(user: "ada", system: "eiger") != first)
        #expect(try signer.headerValue(user: "bob", system: "daint") != first)
        #expect(try signer.headerValue(user: "ada", system: "daint", unhealthyServices: [UnhealthyService(.ssh)]) != first)
        clock.advance(by: 20)
        #expect(try signer.headerValue(user: "ada", system: "daint") == first)
        clock.advance(by: 15)
        #expect(try signer.headerValue(user: "ada", system: "daint") != first)
    }

    @Test("a clock that is set back doesn't make old contexts last")
    func clockSetBack() throws {
        let signer = try signer(.authGateway)
        let first = try signer.headerValue(user: "ada", system: "daint")
        clock.advance(by: -3600)
        let second = try signer.headerValue(user: "ada", system: "daint")
        #expect(second != first)
        #expect(throws: Never.self) { try verifier.context(from: second, accepting: [.authGateway]) }
    }

    @Test("a context ends, also when it was good before")
    func expiry() throws {
        let value = try signer(.authGateway).headerValue(user: "ada", system: "daint")
        #expect(throws: Never.self) { try verifier.context(from: value, accepting: [.authGateway]) }
        clock.advance(by: 61)
        #expect(refusal(of: value) == .expired)
        #expect(CallContextVerifier(keys: keys.mapValues(\.verificationKey), now: clock.now).refusal(of: value) == .expired)
    }

    @Test("a context that ends too far from now is refused")
    func lifetime() throws {
        let value = try sign(CallContext(issuer: .authGateway, user: "ada", system: "daint", expiry: clock.now().addingTimeInterval(70)))
        #expect(refusal(of: value) == .lifetimeTooLong)
        clock.advance(by: 6)
        #expect(refusal(of: value) == nil)
    }

    @Test("an issuer without public key, another issuer's key and an issuer that may not make the call are refused")
    func issuers() throws {
        let stranger = CallContextSigner(issuer: .transferService, key: try .generateEd25519(), now: clock.now)
        #expect(refusal(of: try stranger.headerValue(user: "ada", system: "daint")) == .unknownIssuer)

        let forger = CallContextSigner(issuer: .authGateway, key: try #require(keys[.healthChecker]), now: clock.now)
        #expect(refusal(of: try forger.headerValue(user: "ada", system: "daint")) == .wrongSignature)

        let probe = try signer(.healthChecker).headerValue(user: "service", system: "daint")
        #expect(refusal(of: probe) == .issuerNotAccepted)
        #expect(refusal(of: probe) == .issuerNotAccepted, "also from the cache")
        #expect(throws: Never.self) { try verifier.context(from: probe, accepting: [.healthChecker]) }
    }

    @Test("the header names the key, and the payload must be of the same issuer")
    func issuerOfPayload() throws {
        let context = CallContext(issuer: .authGateway, user: "ada", system: "daint", expiry: clock.now().addingTimeInterval(30))
        let value = try CompactJWS.sign(
            payload: Array(JSONEncoder().encode(context)), with: try #require(keys[.healthChecker]), keyID: "health-checker", type: "x")
        #expect(refusal(of: value) == .malformed)
    }

    @Test("a missing, empty, unsigned, tampered or senseless context is refused")
    func malformed() throws {
        #expect(refusal(of: nil) == .missing)
        #expect(refusal(of: "") == .malformed)
        #expect(refusal(of: "Bearer x") == .malformed)
        #expect(refusal(of: String(repeating: "A", count: 100_000)) == .malformed)

        let value = try signer(.authGateway).headerValue(user: "ada", system: "daint")
        let parts = value.split(separator: ".")
        let other = try signer(.authGateway).headerValue(user: "root", system: "daint").split(separator: ".")
        #expect(refusal(of: "\(parts[0]).\(other[1]).\(parts[2])") == .wrongSignature)
        #expect(refusal(of: "\(parts[0]).\(parts[1]).") == .wrongSignature)
        let none = Base64URL.encode(Array(#"{"alg":"none","kid":"auth-gateway"}"#.utf8))
        #expect(refusal(of: "\(none).\(parts[1]).") == .wrongSignature)

        let key = try #require(keys[.authGateway])
        for payload in ["", "{}", "[]", #"{"iss":"auth-gateway","sub":"ada","system":"daint"}"#, #"{"iss":"auth-gateway","sub":7,"system":"daint","exp":9}"#] {
            let senseless = try CompactJWS.sign(payload: Array(payload.utf8), with: key, keyID: "auth-gateway", type: "x")
            #expect(refusal(of: senseless) == .malformed, "\(payload)")
        }
    }

    @Test("a refusal is a 401 that doesn't repeat the context")
    func apiError() throws {
        let value = try signer(.healthChecker).headerValue(user: "ada", system: "daint")
        let error = #expect(throws: CallContextError.self) { try verifier.context(from: value, accepting: []) }
        #expect(error?.apiError.status == .unauthorized)
        #expect(error?.message.contains(value) == false)
    }

    private func signer(_ issuer: CallIssuer) throws -> CallContextSigner {
        CallContextSigner(issuer: issuer, key: try #require(keys[issuer]), capacity: 16, now: clock.now)
    }

    private func sign(_ context: CallContext) throws -> String {
        try CompactJWS.sign(
            payload: Array(JSONEncoder().encode(context)), with: try #require(keys[context.issuer]), keyID: context.issuer.rawValue, type: "x")
    }

    private func refusal(of value: String?) -> CallContextError.Code? { verifier.refusal(of: value) }
}

extension CallContextVerifier {
    fileprivate func refusal(of value: String?) -> CallContextError.Code? {
        do throws(CallContextError) {
            _ = try context(from: value, accepting: [.authGateway])
            return nil
        } catch {
            return error.code
        }
    }
}

/// A clock that a test moves.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000.4))

    var now: @Sendable () -> Date { { self.time.withLock { $0 } } }

    func advance(by seconds: TimeInterval) {
        time.withLock { $0 += seconds }
    }
}
