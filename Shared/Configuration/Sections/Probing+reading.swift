extension Cluster.Probing {
    init(reading section: ConfigurationSection) {
        self.init(
            interval: section.seconds("interval_check", aliases: ["interval"], in: 1...86400, default: .seconds(120)),
            services: section.optionalSection("services", Self.services(in:)))
    }

    private static func services(in section: ConfigurationSection) -> [ServiceType: Duration] {
        let aliases: [ServiceType: [String]] = [.filesystem: ["filesystems"], .s3: ["storage"]]
        return ServiceType.allCases.reduce(into: [:]) { services, type in
            services[type] = section.probe(type.rawValue, aliases: aliases[type] ?? [])
        }
    }
}

extension ConfigurationSection {
    private static let standardTimeout = Duration.seconds(10)

    /// How long a service's probe may take; a service that is named with nothing behind it is probed too.
    fileprivate func probe(_ key: String, aliases: [String]) -> Duration? {
        if let timeout = optionalSection(key, aliases: aliases, { $0.seconds("timeout", in: 0.1...3600, default: Self.standardTimeout) }) {
            return timeout
        }
        return has(key, aliases: aliases) ? Self.standardTimeout : nil
    }
}
