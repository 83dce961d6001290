import FoundationEssentials
public import GoldcrestProtocol

/// The call contexts with which tests call a service as the other services do.
public struct CallContexts: Sendable {
    /// Where the keys are: what the service that is called needs to believe the contexts.
    public let keysDirectory: String
    private let signers: [CallIssuer: CallContextSigner]

    /// Signs with the keys of every issuer, which are in that folder already.
    public init(keysDirectory: String) throws {
        self.keysDirectory = keysDirectory
        let keys = CallContextKeys(folder: keysDirectory)
        signers = try CallIssuer.allCases.reduce(into: [:]) { $0[$1] = CallContextSigner(issuer: $1, key: try keys.signingKey(of: $1)) }
    }

    /// Makes keys for one test, which ends with ``removeKeys()``.
    public static func withNewKeys() throws -> CallContexts {
        let folder = "\(FileManager.default.temporaryDirectory.path())/goldcrest-keys-\(UInt64.random(in: .min ... .max))"
        _ = try CallContextKeys(folder: folder).generate()
        return try CallContexts(keysDirectory: folder)
    }

    public func removeKeys() {
        try? FileManager.default.removeItem(atPath: keysDirectory)
    }

    /// The value of the header.
    public func header(
        by issuer: CallIssuer = .authGateway, as user: String, on system: String, unhealthy: [UnhealthyService] = []
    ) throws -> String? {
        try signers[issuer]?.headerValue(user: user, system: system, unhealthyServices: unhealthy)
    }
}
