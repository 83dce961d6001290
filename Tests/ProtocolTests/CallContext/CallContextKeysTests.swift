import Foundation
import GoldcrestCryptography
import GoldcrestProtocol
import Testing

@Suite final class CallContextKeysTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-keys-\(UUID())").path
    private let keys: CallContextKeys

    init() {
        keys = CallContextKeys(folder: folder)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test("the generated pairs fit each other, and only their owner can read the private ones")
    func generate() throws {
        let generated = try keys.generate()
        #expect(generated.written.count == 6)
        #expect(generated.kept == [])
        #expect(try permissions("") == 0o700)
        let publicKeys = try keys.verificationKeys()
        for issuer in CallIssuer.allCases {
            #expect(try permissions("\(issuer.rawValue).key") == 0o600)
            #expect(try permissions("\(issuer.rawValue).pub") == 0o644)
            let signature = try keys.signingKey(of: issuer).signature(for: [1])
            #expect(publicKeys[issuer]?.isValidSignature(signature, for: [1]) == true)
        }
    }

    @Test("existing keys are kept unless replacing is asked for")
    func keep() throws {
        _ = try keys.generate()
        let first = try text("auth-gateway.key")
        let again = try keys.generate()
        #expect(again.written == [])
        #expect(again.kept.count == 6)
        #expect(try text("auth-gateway.key") == first)
        #expect(try keys.generate(replacingExisting: true).written.count == 6)
        #expect(try text("auth-gateway.key") != first)
        let signature = try keys.signingKey(of: .authGateway).signature(for: [1])
        #expect(try keys.verificationKeys()[.authGateway]?.isValidSignature(signature, for: [1]) == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 6)
    }

    @Test("a missing public key is made from its private one, a public key alone stays alone")
    func halves() throws {
        _ = try keys.generate()
        let publicKey = try text("auth-gateway.pub")
        try FileManager.default.removeItem(atPath: "\(folder)/auth-gateway.pub")
        try FileManager.default.removeItem(atPath: "\(folder)/health-checker.key")
        let generated = try keys.generate()
        #expect(generated.written == ["\(folder)/auth-gateway.pub"])
        #expect(try text("auth-gateway.pub") == publicKey)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/health-checker.key"))
    }

    @Test("a private key that others can read is refused", arguments: [0o640, 0o604, 0o660, 0o777])
    func readableByOthers(permissions: Int) throws {
        _ = try keys.generate()
        try setPermissions(permissions, of: "auth-gateway.key")
        let error = #expect(throws: CallContextKeyError.self) { try keys.signingKey(of: .authGateway) }
        #expect(error?.code == .unsafePermissions)
        #expect(error?.message.contains("chmod 600") == true)
    }

    @Test("a public key that others can change is refused", arguments: [0o664, 0o646])
    func writableByOthers(permissions: Int) throws {
        _ = try keys.generate()
        try setPermissions(permissions, of: "auth-gateway.pub")
        let error = #expect(throws: CallContextKeyError.self) { try keys.verificationKeys() }
        #expect(error?.code == .unsafePermissions)
    }

    @Test("missing keys, an empty folder and junk are refused with the remedy")
    func unusable() throws {
        #expect(#expect(throws: CallContextKeyError.self) { try keys.signingKey(of: .authGateway) }?.message.contains("keygen") == true)
        #expect(#expect(throws: CallContextKeyError.self) { try keys.verificationKeys() }?.code == .noKeys)
        _ = try keys.generate()
        try Data("junk".utf8).write(to: URL(filePath: "\(folder)/auth-gateway.pub"))
        #expect(#expect(throws: CallContextKeyError.self) { try keys.verificationKeys() }?.code == .invalidKey)
        try Data(count: 100_000).write(to: URL(filePath: "\(folder)/auth-gateway.key"))
        #expect(#expect(throws: CallContextKeyError.self) { try keys.signingKey(of: .authGateway) }?.code == .unreadable)
        try FileManager.default.removeItem(atPath: "\(folder)/health-checker.key")
        try FileManager.default.createDirectory(atPath: "\(folder)/health-checker.key", withIntermediateDirectories: false)
        #expect(#expect(throws: CallContextKeyError.self) { try keys.signingKey(of: .healthChecker) }?.code == .unreadable)
    }

    @Test("a folder that cannot be made is an error")
    func unwritableFolder() {
        let error = #expect(throws: CallContextKeyError.self) { try CallContextKeys(folder: "\(folder)/not/there").generate() }
        #expect(error?.code == .unwritable)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    private func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.posixPermissions] as? Int
    }

    private func setPermissions(_ permissions: Int, of name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: "\(folder)/\(name)")
    }
}
