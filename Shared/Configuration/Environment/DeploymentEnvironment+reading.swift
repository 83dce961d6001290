internal import Logging

extension DeploymentEnvironment {
    /// Reads the environment variables that a service needs. An empty variable counts as missing.
    ///
    /// - Throws: ``ConfigurationError`` with all problems at once.
    public init(_ variables: [String: String], for service: ServiceName) throws(ConfigurationError) {
        var reader = VariableReader(variables: variables)
        let standard = ListenAddress(host: "127.0.0.1", port: service.defaultPort)
        self.init(
            service: service,
            configurationFile: reader.required("YAML_CONFIG_FILE", expected: "the path of the FirecREST configuration"),
            listen: reader.address("GOLDCREST_LISTEN") ?? standard,
            adminListen: service == .authGateway ? reader.address("GOLDCREST_ADMIN_LISTEN") : nil,
            computeURL: reader.url("GOLDCREST_COMPUTE_URL", default: .computeService),
            filesystemURL: reader.url("GOLDCREST_FILESYSTEM_URL", default: .filesystemService),
            transferURL: reader.url("GOLDCREST_TRANSFER_URL", default: .transferService),
            databaseURL: reader.database(isRequired: service.usesDatabase),
            keysDirectory: reader.required("GOLDCREST_KEYS", expected: "the folder with the call-context keys; auth-gateway keygen makes them"),
            logLevel: reader.logLevel("LOG_LEVEL"))
        guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
    }
}

/// Reads variables and gathers what is wrong with them.
private struct VariableReader {
    let variables: [String: String]
    var problems: [ConfigurationError.Problem] = []

    init(variables: [String: String]) {
        self.variables = variables
    }

    private func value(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func report(_ name: String, found: String, expected: String) {
        problems.append(ConfigurationError.Problem(path: name, found: found, expected: expected))
    }

    mutating func required(_ name: String, expected: String) -> String {
        guard let value = value(name) else {
            report(name, found: "nothing", expected: expected)
            return ""
        }
        return value
    }

    mutating func address(_ name: String) -> ListenAddress? {
        guard let text = value(name) else { return nil }
        guard let address = ListenAddress(text) else {
            report(name, found: ConfigurationSection.quoted(text), expected: "host:port, such as 127.0.0.1:5000 or [::1]:5000")
            return nil
        }
        return address
    }

    mutating func url(_ name: String, default service: ServiceName) -> String {
        guard let text = value(name) else { return "http://127.0.0.1:\(service.defaultPort)" }
        guard let url = WebURL(text) else {
            report(name, found: WebURL.shown(text), expected: "an http or https URL")
            return ""
        }
        return url.text
    }

    /// The URL may hold a password, so it is never shown.
    mutating func database(isRequired: Bool) -> Secret? {
        let name = "DATABASE_URL", expected = "postgresql://user:password@host:port/name"
        guard let text = value(name) else {
            if isRequired { report(name, found: "nothing", expected: expected) }
            return nil
        }
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
            report(name, found: Secret.redacted, expected: expected)
            return nil
        }
        return Secret(text)
    }

    mutating func logLevel(_ name: String) -> Logger.Level {
        guard let text = value(name) else { return .info }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            report(name, found: ConfigurationSection.quoted(text), expected: "one of \(levels)")
            return .info
        }
        return level
    }
}
