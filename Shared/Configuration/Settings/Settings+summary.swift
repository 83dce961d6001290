import GoldcrestProtocol

extension Settings {
    /// What a service would do with these settings, as lines for a person. They hold no secrets.
    public var summary: [String] {
        var lines = authSummary
        lines.append("SSH credentials: \(sshCredentials.summary)")
        if !apisRootPath.isEmpty { lines.append("public paths begin with \(apisRootPath)") }
        lines.append("clusters: \(clusters.count)")
        for cluster in clusters { lines += cluster.summary.map { "  " + $0 } }
        return lines
    }

    private var authSummary: [String] {
        let authentication = auth.authentication
        let keys = authentication.publicCertificates.map(Self.withoutCredentials).joined(separator: ", ")
        var lines = ["tokens: keys from \(keys); user name in \(authentication.usernameClaim)"]
        if let audience = authentication.audience { lines[0] += "; audience \(audience)" }
        lines.append("service accounts: tokens from \(Self.withoutCredentials(authentication.tokenURL))")
        guard let authorization = auth.authorization else {
            lines.append("authorization: none, every user may use every cluster")
            return lines
        }
        return lines + authorization.summary(username: authentication.usernameClaim)
    }

    /// A URL without a user's name and password.
    static func withoutCredentials(_ url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url }
        let authority = url[start...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return url }
        return url[..<start] + Secret.redacted + url[at...]
    }
}

extension SSHCredentials {
    fileprivate var summary: String {
        switch self {
        case .staticKeys(let keys): "static keys of \(keys.count) user\(keys.count == 1 ? "" : "s")"
        case .service(let url, _): "key pairs from the service \(Settings.withoutCredentials(url))"
        case .certificateAuthority(let url, _): "certificates from the authority \(Settings.withoutCredentials(url))"
        }
    }
}

extension Cluster {
    fileprivate var summary: [String] {
        [
            "\(name): SSH to \(ssh.endpointSummary), files by \(fileAccess.rawValue)",
            "  scheduler \(scheduler.summary)",
            "  file systems \(fileSystems.isEmpty ? "none" : fileSystems.map(\.summary).joined(separator: ", "))",
            "  transfers \(dataOperation.dataTransfer?.summary ?? "of big files none"); file operations up to \(dataOperation.maxOpsFileSize) bytes",
            "  probing \(probing.summary)",
        ]
    }
}

extension Cluster.SSH {
    fileprivate var endpointSummary: String {
        let endpoint = ListenAddress(host: host, port: port).description
        return proxyHost.map { "\(endpoint) through \(ListenAddress(host: $0, port: proxyPort ?? 22))" } ?? endpoint
    }
}

extension Cluster.Scheduler {
    fileprivate var summary: String {
        let url = Settings.withoutCredentials(apiURL ?? "")
        return switch connectionMode {
        case .ssh: "\(type.rawValue) \(version) by its commands"
        case .rest: "\(type.rawValue) \(version) by slurmrestd at \(url)"
        case .hybrid: "\(type.rawValue) \(version) by slurmrestd at \(url) and commands"
        }
    }
}

extension Cluster.FileSystem {
    fileprivate var summary: String { "\(path) (\(dataType.rawValue)\(defaultWorkDir ? ", jobs work here" : ""))" }
}

extension Cluster.DataTransfer {
    fileprivate var summary: String {
        switch self {
        case .s3(let storage): "by the object storage \(storage.name), for users at \(Settings.withoutCredentials(storage.publicURL))"
        case .streamer(let streamer): "by streamer on the ports \(streamer.portRange.lowerBound) to \(streamer.portRange.upperBound)"
        case .wormhole: "by wormhole"
        }
    }
}

extension Cluster.Probing {
    fileprivate var summary: String {
        guard let services, !services.isEmpty else { return "nothing" }
        let names = ServiceType.allCases.filter { services[$0] != nil }.map(\.rawValue).joined(separator: ", ")
        return "\(names) every \(interval)"
    }
}
