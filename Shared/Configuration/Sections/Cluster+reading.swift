extension Cluster {
    /// - Parameter names: The names that are taken, with the place where each was found; this cluster's is added.
    init(reading section: ConfigurationSection, names: inout [String: String]) {
        self.init(
            name: Self.name(in: section, names: &names),
            serviceAccount: section.optionalSection("service_account", ServiceAccount.init(reading:)),
            fileSystems: section.sections("file_systems", FileSystem.init(reading:)),
            ssh: section.section("ssh", SSH.init(reading:)),
            scheduler: section.section("scheduler", Scheduler.init(reading:)),
            probing: section.section("probing", Probing.init(reading:)),
            dataOperation: section.section("data_operation", DataOperation.init(reading:)),
            fileAccess: section.choice("file_access", default: .automatic),
            timezone: section.timezone("timezone"))
        checkFileSystems(section)
        checkServiceAccount(section)
        checkProbing(section)
    }

    private static func name(in section: ConfigurationSection, names: inout [String: String]) -> String {
        let expected = "a name of letters, digits, “.”, “_” and “-”"
        let name = section.text("name", expected: expected).lowercased()
        guard !name.isEmpty else { return "" }
        // It stands in URLs and in authorization objects.
        guard name.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789._-".utf8.contains($0) }), name != ".", name != ".." else {
            section.report("name", found: ConfigurationSection.quoted(name), expected: expected)
            return name
        }
        if let other = names[name] {
            section.report("name", found: "“\(name)”, which is the name of \(other) too", expected: "another name")
        }
        names[name] = "\(section.path)"
        return name
    }

    private func checkFileSystems(_ section: ConfigurationSection) {
        if fileSystems.isEmpty {
            section.warn("file_systems", "there is none, so no path of this cluster can be reached")
        }
        switch fileSystems.count(where: \.defaultWorkDir) {
        case 0: section.warn("file_systems", "none is the default_work_dir, so transfers by job are not possible")
        case 1: break
        default: section.warn("file_systems", "more than one is the default_work_dir; the first is used")
        }
    }

    private func checkServiceAccount(_ section: ConfigurationSection) {
        guard serviceAccount == nil, section.find("service_account") == nil else { return }
        if let services = probing.services, !services.isEmpty {
            section.reportMissing("service_account", expected: "client_id and secret, as the cluster is probed with this account")
        } else if dataOperation.dataTransfer != nil {
            section.reportMissing("service_account", expected: "client_id and secret, as transfers are followed with this account")
        }
    }

    private func checkProbing(_ section: ConfigurationSection) {
        guard let services = probing.services, services[.s3] != nil else { return }
        if case .s3 = dataOperation.dataTransfer { return }
        section.warn("probing", "s3 is probed, but the cluster's data_transfer isn't s3")
    }
}

extension Cluster.ServiceAccount {
    init(reading section: ConfigurationSection) {
        self.init(clientID: section.text("client_id"), secret: section.secret("secret"))
    }
}

extension ConfigurationSection {
    /// The name of a zone of the IANA database; whether the database has it is not looked at, as an image may lack the database.
    fileprivate func timezone(_ key: String) -> String? {
        guard let name = optionalText(key) else { return nil }
        let isName = name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { component in
            !component.isEmpty && component.utf8.allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xdf) || "0123456789_+-".utf8.contains(byte)
            }
        }
        guard isName else {
            report(key, found: Self.quoted(name), expected: "a time zone such as Europe/Zurich")
            return nil
        }
        return name
    }
}
