import GoldcrestProtocol

extension Authorization {
    init(reading section: ConfigurationSection) {
        self.init(
            source: Self.source(in: section),
            timeout: section.seconds("timeout", in: 0.01...60, default: .seconds(1)),
            maxConnections: section.integer("max_connections", in: 0...10000, default: 100),
            cacheLifetime: section.optionalSection("cache", Self.cacheLifetime(in:)),
            requiredScopes: section.section("required_scopes", Self.requiredScopes(in:)),
            checks: section.section("checks", Self.checks(in:)),
            user: section.section("user", User.init(reading:)))
        reportUseless(in: section)
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

    /// What only other sources can make use of.
    private func reportUseless(in section: ConfigurationSection) {
        switch source {
        case .endpoint:
            guard user.groups != nil else { return }
            section.report(
                "user", found: "groups, which cannot be sent to a url", expected: "openfga or rebac as the source, or no groups")
        case .rebac, nil:
            if cacheLifetime != nil { section.warn("cache", "only answers of url and openfga are cached") }
        case .openFGA: break
        }
    }

    /// Ten seconds are as long as somebody may go on who was just shut out.
    private static func cacheLifetime(in section: ConfigurationSection) -> Duration {
        if !section.has("seconds") { section.reportMissing("seconds", expected: "how long a yes is remembered, at most 10") }
        return section.seconds("seconds", in: 0.1...10, default: .seconds(1))
    }

    /// What a whole group needs, and what reading or writing needs besides.
    private static func requiredScopes(in section: ConfigurationSection) -> [APIRoute.Permission: [String]] {
        let named = Dictionary(uniqueKeysWithValues: keys.map { ($0, section.scopes($0)) })
        return APIRoute.Permission.allCases.reduce(into: [:]) { scopes, permission in
            let general = named[permission.group.rawValue] ?? []
            let special = (named[permission.rawValue] ?? []).filter { !general.contains($0) }
            if !(general + special).isEmpty { scopes[permission] = general + special }
        }
    }

    /// The question for a whole group, or in its place the one for reading or writing.
    private static func checks(in section: ConfigurationSection) -> [APIRoute.Permission: Check] {
        let named = keys.reduce(into: [:]) { $0[$1] = section.optionalSection($1, Check.init(reading:)) }
        return APIRoute.Permission.allCases.reduce(into: [:]) { checks, permission in
            checks[permission] = named[permission.rawValue] ?? named[permission.group.rawValue]
        }
    }

    /// Groups of routes, and the parts of those that have any.
    private static let keys: [String] = APIRoute.Group.allCases.flatMap { group in
        [group.rawValue] + APIRoute.Permission.allCases.filter { $0.group == group && $0.rawValue != group.rawValue }.map(\.rawValue)
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

    /// The name of a type or relation of an OpenFGA model. `*` stands for all of a type there, so that a name has none.
    fileprivate func modelName(_ key: String, maximumLength: Int, default standard: String) -> String {
        let expected = "a name of the model: at most \(maximumLength) characters, none of them a blank, ':', '#', '@' or '*'"
        guard let value = scalar(key, expected: expected), !value.text.isEmpty else { return standard }
        let isName = value.text.unicodeScalars.count <= maximumLength
            && value.text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !":#@*".unicodeScalars.contains($0) }
        if !isName { report(value.found, found: Self.quoted(value.text), expected: expected) }
        return value.text
    }

    fileprivate func typeName(_ key: String, default standard: String) -> String {
        modelName(key, maximumLength: 254, default: standard)
    }

    fileprivate func relationName(_ key: String, default standard: String) -> String {
        modelName(key, maximumLength: 50, default: standard)
    }

    /// An id that OpenFGA gave: it becomes part of a path.
    fileprivate func reportUnlessID(_ key: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        let isID = text.utf8.count <= 64 && text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_".unicodeScalars.contains(scalar))
        }
        if !isID { report(key, found: Self.quoted(text), expected: "an id: letters and digits") }
    }
}

extension Authorization.OpenFGA {
    init(reading section: ConfigurationSection) {
        self.init(
            url: section.url("url"), storeID: section.text("store_id", expected: "the id of a store"),
            modelID: section.optionalText("model_id"), token: section.optionalSecret("token"))
        section.reportUnlessID("store_id", storeID)
        section.reportUnlessID("model_id", modelID)
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
            relation: section.relationName("relation", default: "member"),
            objectType: section.typeName("object_type", default: "vcluster"))
    }
}

extension Authorization.User {
    init(reading section: ConfigurationSection) {
        self.init(
            claim: section.optionalText("claim", expected: "the name of a claim"),
            type: section.typeName("type", default: "user"),
            groups: section.optionalSection("groups", Authorization.Groups.init(reading:)))
    }
}

extension Authorization.Groups {
    init(reading section: ConfigurationSection) {
        self.init(
            claim: section.text("claim", expected: "the claim that lists a user's groups"),
            type: section.typeName("type", default: "group"),
            relation: section.relationName("relation", default: "member"))
    }
}
