extension Settings {
    /// The whole file.
    init(reading file: ConfigurationSection) {
        self.init(
            apisRootPath: Self.rootPath(in: file),
            docServers: file.sections("doc_servers", DocServer.init(reading:)),
            appDebug: file.flag("app_debug", default: false),
            auth: file.section("auth", Auth.init(reading:)),
            sshCredentials: file.section("ssh_credentials", SSHCredentials.init(reading:)),
            clusters: Self.clusters(in: file),
            logger: file.section("logger", LoggerSettings.init(reading:)))
        file.ignore("app_version")
    }

    private static func rootPath(in file: ConfigurationSection) -> String {
        let expected = "a path such as /hpc/firecrest"
        guard let value = file.scalar("apis_root_path", expected: expected), !value.text.isEmpty else { return "" }
        guard value.text.hasPrefix("/"), !value.text.contains(where: { $0.isWhitespace || "?#%".contains($0) }) else {
            file.report(value.found, found: ConfigurationSection.quoted(value.text), expected: expected)
            return ""
        }
        let components = value.text.split(separator: "/")
        return components.map { "/" + $0 }.joined()
    }
}

extension Settings.DocServer {
    init(reading section: ConfigurationSection) {
        self.init(url: section.text("url"), description: section.optionalText("description"))
    }
}

extension LoggerSettings {
    init(reading section: ConfigurationSection) {
        self.init(
            enableTracingLog: section.flag("enable_tracing_log", default: false),
            loggableRequestHeaders: section.sections("loggable_request_headers") { header in
                let input = header.text("input", expected: "a header's name")
                return LoggableHeader(input: input, output: header.text("output", default: input))
            })
    }
}
