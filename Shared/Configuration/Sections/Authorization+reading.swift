import GoldcrestProtocol

extension Authorization {
    init(reading section: ConfigurationSection) {
        self.init(
            source: Self.source(in: section),
            timeout: section.seconds("timeout", in: 0.01...60, default: .seconds(1)),
            maxConnections: section.integer("max_connections", in: 0...10000, default: 100),
            requiredScopes: section.section("required_scopes", Self.requiredScopes(in:)),
            checks: section.section("checks", Self.checks(in:)))
    }

    private static func source(in section: ConfigurationSection) -> Source? {
        let sources: [(key: String, source: Source)] = [
            section.optionalURL("url").map { ("url", .endpoint(url: $0)) },
            section.optionalSection("openfga", OpenFGA.init(reading:)).map { ("openfga", .openFGA($0)) },
            section.optionalSection("rebac", ReBAC.init(reading:)).map { ("rebac", .rebac($0)) },
        ].compactMap { $0 }
        let choices = "exactly one of url, openfga and rebac"
        for other in sources.dropFirst() {
            section.report(other.key, found: "a second source of authorization beside \(sources[0].key)", expected: choices)
        }
        // A section that asks nobody and wants no scope protects nothing, which nobody can have meant.
        if sources.isEmpty, section.find("url") == nil, section.find("required_scopes") == nil {
            section.reportMissing("url", expected: "\(choices), or required_scopes")
        }
        return sources.first?.source
    }

    private static func requiredScopes(in section: ConfigurationSection) -> [APIRoute.Group: [String]] {
        APIRoute.Group.allCases.reduce(into: [:]) { scopes, group in
            let list = section.scopes(group.rawValue)
            if !list.isEmpty { scopes[group] = list }
        }
    }

    private static func checks(in section: ConfigurationSection) -> [APIRoute.Group: Check] {
        APIRoute.Group.allCases.reduce(into: [:]) { checks, group in
            checks[group] = section.optionalSection(group.rawValue, Check.init(reading:))
        }
    }
}

extension ConfigurationSection {
    /// Scopes as a list, or in one text as in a token (RFC 6749, section 3.3).
    fileprivate func scopes(_ key: String) -> [String] {
        if let value = find(key), case .scalar(let text, _) = value.node.content {
            return text.split(separator: " ").map(String.init)
        }
        return texts(key, expected: "a scope") { text in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        }
    }
}

extension Authorization.OpenFGA {
    init(reading section: ConfigurationSection) {
        self.init(
            url: section.url("url"),
            storeID: section.text("store_id", expected: "the id of a store"),
            modelID: section.optionalText("model_id"),
            token: section.optionalSecret("token"))
    }
}

extension Authorization.ReBAC {
    init(reading section: ConfigurationSection) {
        self.init(
            modelPath: section.filePath("model"), tuplesPath: section.optionalFilePath("tuples"),
            adminToken: section.optionalSecret("admin_token"),
            maxStaleness: section.seconds("max_staleness", in: 1...86_400, default: .seconds(300)))
    }
}

extension Authorization.Check {
    init(reading section: ConfigurationSection) {
        self.init(
            relation: section.text("relation", default: "member"),
            objectType: section.text("object_type", default: "vcluster"))
    }
}
