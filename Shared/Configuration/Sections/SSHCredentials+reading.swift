extension SSHCredentials {
    private enum Kind: String, CaseIterable {
        case staticKeys = "SSHStaticKeys"
        case service = "SSHService"
        case certificateAuthority = "SSHCA"
    }

    init(reading section: ConfigurationSection) {
        guard let kind: Kind = section.optionalChoice("type") else {
            if section.find("type") == nil {
                section.reportMissing("type", expected: "one of SSHStaticKeys, SSHService, SSHCA")
            }
            // What else stands here cannot be judged without the type, and isn't unknown either.
            _ = section.allEntries()
            self = .staticKeys([:])
            return
        }
        switch kind {
        case .staticKeys:
            if section.find("keys") == nil { section.reportMissing("keys", expected: "a mapping of user names to keys") }
            self = .staticKeys(section.named("keys", StaticKey.init(reading:)))
        case .service:
            self = .service(url: section.url("url"), maxConnections: section.maxConnections)
        case .certificateAuthority:
            self = .certificateAuthority(url: section.url("url"), maxConnections: section.maxConnections)
        }
    }
}

extension ConfigurationSection {
    fileprivate var maxConnections: Int { integer("max_connections", in: 0...10000, default: 100) }
}

extension SSHCredentials.StaticKey {
    init(reading section: ConfigurationSection) {
        self.init(
            privateKey: section.secret("private_key"),
            publicCertificate: section.optionalTextOrFile("public_cert"),
            passphrase: section.optionalTextOrFile("passphrase").map(Secret.init))
        section.ignore("public_key")
    }
}
