public import GoldcrestCryptography

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder with the keys of call contexts: `<issuer>.key`, each on the machine of its issuer alone, and `<issuer>.pub`, everywhere.
public struct CallContextKeys: Sendable {
    public let folder: String

    public init(folder: String) {
        self.folder = folder
    }

    /// The private key of an issuer.
    ///
    /// - Throws: ``CallContextKeyError`` when it is missing, is no Ed25519 key, or anyone but its owner can read it.
    public func signingKey(of issuer: CallIssuer) throws -> SigningKey {
        let file = privateFile(of: issuer)
        guard let pem = try file.text() else {
            throw CallContextKeyError(
                .unreadable, "The private key \(file.path) is missing: make the keys with auth-gateway keygen \(folder)")
        }
        do {
            return try SigningKey(pem: pem)
        } catch {
            throw CallContextKeyError(.invalidKey, "\(file.path) is not usable as a private key: \(error)")
        }
    }

    /// The public keys of all issuers that have one here.
    ///
    /// - Throws: ``CallContextKeyError`` when there is none, one is no Ed25519 key, or others could change it.
    public func verificationKeys() throws -> [CallIssuer: VerificationKey] {
        var keys: [CallIssuer: VerificationKey] = [:]
        for issuer in CallIssuer.allCases {
            let file = publicFile(of: issuer)
            guard let pem = try file.text() else { continue }
            do {
                keys[issuer] = try VerificationKey(pem: pem, algorithm: .edDSA)
            } catch {
                throw CallContextKeyError(.invalidKey, "\(file.path) is not usable as a public key: \(error)")
            }
        }
        guard !keys.isEmpty else {
            throw CallContextKeyError(
                .noKeys, "The key folder \(folder) has no public key (such as auth-gateway.pub): make the keys with auth-gateway keygen \(folder)")
        }
        return keys
    }

    /// What ``generate(replacingExisting:)`` did, by file.
    public struct Generated: Sendable, Equatable {
        public var written: [String] = []
        /// Files that were there and stayed as they are.
        public var kept: [String] = []

        /// The same for a person, a line for each file.
        public var lines: [String] { written.map { "wrote \($0)" } + kept.map { "kept \($0)" } }
    }

    /// Makes a key pair for each issuer, and the folder if there is none.
    ///
    /// - Parameter isReplacing: Whether keys that are there are replaced. If not, they stay; a public key whose private one is there is
    ///   made from it, and a public key alone stays alone.
    public func generate(replacingExisting isReplacing: Bool = false) throws -> Generated {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw CallContextKeyError(.unwritable, "Cannot make the folder \(folder): \(KeyFile.reason(errno))")
        }
        var generated = Generated()
        for issuer in CallIssuer.allCases {
            let (privateFile, publicFile) = (privateFile(of: issuer), publicFile(of: issuer))
            func record(_ file: KeyFile, isWritten: Bool) {
                if isWritten { generated.written.append(file.path) } else { generated.kept.append(file.path) }
            }
            let hasPrivateKey = try !isReplacing && privateFile.text() != nil
            if !isReplacing, !hasPrivateKey, try publicFile.text() != nil {
                record(publicFile, isWritten: false)
                continue
            }
            let key = hasPrivateKey ? try signingKey(of: issuer) : try SigningKey.generateEd25519()
            let isWritten = try !hasPrivateKey && privateFile.store(key.pem, isReplacing: isReplacing)
            record(privateFile, isWritten: isWritten)
            record(publicFile, isWritten: try publicFile.store(key.publicKeyPEM, isReplacing: isReplacing))
        }
        return generated
    }

    private func privateFile(of issuer: CallIssuer) -> KeyFile {
        KeyFile(path: "\(folder)/\(issuer.rawValue).key", secrecy: .secret)
    }

    private func publicFile(of issuer: CallIssuer) -> KeyFile {
        KeyFile(path: "\(folder)/\(issuer.rawValue).pub", secrecy: .open)
    }
}
