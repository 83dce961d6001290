extension ConfigurationSection {
    private static let expectedURL = expectedURL(["http", "https"])

    private static func expectedURL(_ schemes: [String]) -> String { "\(schemes.first == "http" ? "an" : "a") \(schemes.joined(separator: " or ")) URL" }

    /// An `http` or `https` URL that must be there, without a slash at its end.
    func url(_ key: String) -> String {
        if let url = optionalURL(key) { return url }
        if find(key) == nil { reportMissing(key, expected: Self.expectedURL) }
        return ""
    }

    /// A URL, by default an `http` or `https` one.
    func optionalURL(_ key: String, schemes: [String] = ["http", "https"]) -> String? {
        let expected = Self.expectedURL(schemes)
        guard let value = scalar(key, expected: expected), !value.text.isEmpty else { return nil }
        guard let url = WebURL(value.text, schemes: schemes) else {
            report(value.found, found: WebURL.shown(value.text), expected: expected)
            return nil
        }
        return url.text
    }

    /// A URL that may hold credentials, or the file that holds it.
    func secretURL(_ key: String) -> Secret {
        let secret = secret(key)
        guard !secret.revealed.isEmpty else { return secret }
        guard let url = WebURL(secret.revealed) else {
            report(key, found: Secret.redacted, expected: Self.expectedURL)
            return secret
        }
        return Secret(url.text)
    }

    /// A path of a file, as it is meant in this configuration.
    func optionalFilePath(_ key: String) -> String? {
        optionalText(key, expected: "a file's path").map { ConfigurationFile.resolve($0, from: directory) }
    }

    func filePath(_ key: String) -> String {
        ConfigurationFile.resolve(text(key, expected: "a file's path"), from: directory)
    }
}
