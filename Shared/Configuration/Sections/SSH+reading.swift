extension Cluster.SSH {
    init(reading section: ConfigurationSection) {
        self.init(
            host: section.host("host") ?? "",
            port: section.integer("port", in: 1...65535, default: 22),
            proxyHost: section.optionalHost("proxy_host"),
            proxyPort: section.optionalInteger("proxy_port", in: 1...65535),
            maxClients: section.integer("max_clients", in: 1...100_000, default: 100),
            maxSessions: section.integer("max_sessions", in: 1...1000, default: 10),
            maxLogins: section.integer("max_logins", in: 1...1000, default: 4),
            knownHosts: section.optionalFilePath("known_hosts"),
            timeout: section.section("timeout", Timeouts.init(reading:)))
        if proxyPort != nil, section.find("proxy_host") == nil {
            section.warn("proxy_port", "means nothing without proxy_host")
        }
    }
}

extension Cluster.SSH.Timeouts {
    init(reading section: ConfigurationSection) {
        self.init(
            connection: section.seconds("connection", in: 0.1...3600, default: .seconds(5)),
            login: section.seconds("login", in: 0.1...3600, default: .seconds(5)),
            commandExecution: section.seconds("command_execution", in: 0.1...3600, default: .seconds(5)),
            idleTimeout: section.seconds("idle_timeout", in: 1...86400, default: .seconds(60)),
            keepAlive: section.seconds("keep_alive", in: 1...86400, default: .seconds(5)))
    }
}

extension ConfigurationSection {
    private static let expectedHost = "the name or address of a host"

    /// A host that must be there.
    fileprivate func host(_ key: String) -> String? {
        let host = text(key, expected: Self.expectedHost)
        return host.isEmpty ? nil : checkedHost(key, host)
    }

    fileprivate func optionalHost(_ key: String) -> String? {
        optionalText(key, expected: Self.expectedHost).flatMap { checkedHost(key, $0) }
    }

    private func checkedHost(_ key: String, _ host: String) -> String? {
        let isHost = host.utf8.count <= 255 && !host.hasPrefix("-")
            && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/@[]".utf8.contains($0) }
        guard isHost else {
            report(key, found: WebURL.shown(host), expected: Self.expectedHost)
            return nil
        }
        return host
    }
}
