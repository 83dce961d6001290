extension Cluster.DataTransfer {
    private enum ServiceType: String, CaseIterable {
        case s3, streamer, wormhole
    }

    /// None, with a problem noted, when the service type is missing or unknown.
    static func read(from section: ConfigurationSection) -> Cluster.DataTransfer? {
        guard let type: ServiceType = section.optionalChoice("service_type") else {
            if section.find("service_type") == nil {
                section.reportMissing("service_type", expected: "one of s3, streamer, wormhole")
            }
            // What else stands here cannot be judged without the type, and isn't unknown either.
            _ = section.allEntries()
            return nil
        }
        switch type {
        case .s3: return .s3(S3(reading: section))
        case .streamer: return .streamer(Streamer(reading: section))
        case .wormhole: return .wormhole(Wormhole(reading: section))
        }
    }
}

extension Cluster.DataTransfer.S3 {
    /// The longest that a presigned URL may be good for, in seconds: a week (Amazon S3 API, “Authenticating Requests: Using Query Parameters”).
    private static let longestTTL = 604_800

    init(reading section: ConfigurationSection) {
        self.init(
            name: section.text("name"),
            privateURL: section.secretURL("private_url"),
            publicURL: section.url("public_url"),
            accessKeyID: section.secret("access_key_id"),
            secretAccessKey: section.secret("secret_access_key"),
            region: section.text("region"),
            ttl: .seconds(section.integer("ttl", in: 1...Self.longestTTL, unit: "seconds")),
            tenant: section.optionalText("tenant"),
            multipart: section.section("multipart", Multipart.init(reading:)),
            bucketLifecycleDays: section.section("bucket_lifecycle_configuration") { $0.integer("days", in: 1...36500, default: 10) })
    }
}

extension Cluster.DataTransfer.S3.Multipart {
    init(reading section: ConfigurationSection) {
        self.init(
            useSplit: section.flag("use_split", default: false),
            // S3 takes parts of 5 MiB to 5 GiB; only the last may be smaller.
            maxPartSize: section.integer("max_part_size", in: 5 << 20...5 << 30, unit: "bytes", default: 2 << 30),
            parallelRuns: section.integer("parallel_runs", in: 1...1000, default: 3),
            tmpFolder: section.text("tmp_folder", default: "tmp"))
    }
}

extension Cluster.DataTransfer.Streamer {
    init(reading section: ConfigurationSection) {
        self.init(
            host: section.optionalText("host"),
            portRange: section.portRange("port_range") ?? 5665...5675,
            publicIPs: section.find("public_ips") == nil ? nil : section.texts("public_ips", expected: "an address"),
            waitTimeout: section.seconds("wait_timeout", in: 1...31_536_000, default: .seconds(86400)),
            inboundTransferLimit: section.integer("inbound_transfer_limit", in: 1...Int.max, unit: "bytes", default: 5 << 30),
            pypiIndexURL: section.optionalURL("pypi_index_url"))
    }
}

extension Cluster.DataTransfer.Wormhole {
    init(reading section: ConfigurationSection) {
        self.init(
            pypiIndexURL: section.optionalURL("pypi_index_url"), relayURL: section.optionalURL("relay_url", schemes: ["ws", "wss"]),
            transitHelper: section.transitHelper("transit_helper"))
    }
}

extension ConfigurationSection {
    /// A transit relay as magic-wormhole's option `--transit-helper` names it.
    fileprivate func transitHelper(_ key: String) -> String? {
        let prefix = "tcp:", expected = "tcp:HOST:PORT"
        guard let value = scalar(key, expected: expected), !value.text.isEmpty else { return nil }
        guard value.text.hasPrefix(prefix), let address = ListenAddress(String(value.text.dropFirst(prefix.count))), address.port > 0 else {
            report(value.found, found: Self.quoted(value.text), expected: expected)
            return nil
        }
        return value.text
    }

    /// The first and the last port of a range.
    fileprivate func portRange(_ key: String) -> ClosedRange<Int>? {
        let expected = "two ports from 1 to 65535, the lower one first"
        guard let value = find(key) else { return nil }
        guard case .sequence(let nodes) = value.node.content else {
            report(value, found: value.node.kind, expected: expected)
            return nil
        }
        let ports = nodes.compactMap { node -> Int? in
            guard case .scalar(let text, _) = node.content else { return nil }
            return Self.integer(text)
        }
        guard nodes.count == 2, let first = ports.first, let last = ports.last, ports.count == 2, first >= 1, first <= last, last <= 65535 else {
            let found = ports.count == nodes.count ? "\(ports.prefix(8))" : "a list of other values"
            report(value, found: found, expected: expected)
            return nil
        }
        return first...last
    }
}
