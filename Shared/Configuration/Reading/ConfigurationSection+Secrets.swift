extension ConfigurationSection {
    private static let filePrefix = "secret_file:"
    private static let maximumSecretSize = 1 << 20

    /// A secret that must be there.
    func secret(_ key: String) -> Secret {
        if let secret = optionalSecret(key) { return secret }
        if find(key) == nil { reportMissing(key, expected: Self.expectedSecret) }
        return Secret("")
    }

    /// A secret in place, or from the file that `secret_file:/path` names. The line breaks at its end are cut off, as editors add them.
    func optionalSecret(_ key: String) -> Secret? {
        guard let value = find(key) else { return nil }
        guard case .scalar(let text, _) = value.node.content else {
            report(value, found: value.node.kind, expected: Self.expectedSecret)
            return nil
        }
        guard text.hasPrefix(Self.filePrefix) else {
            guard !text.isEmpty else {
                report(value, found: "an empty text", expected: Self.expectedSecret)
                return nil
            }
            return Secret(text)
        }
        return secret(fromFile: String(text.dropFirst(Self.filePrefix.count)), value)
    }

    /// A text that may stand in a file as a secret may.
    func optionalTextOrFile(_ key: String) -> String? {
        guard let value = find(key), case .scalar("", _) = value.node.content else { return optionalSecret(key)?.revealed }
        return nil
    }

    private func secret(fromFile name: String, _ value: Found) -> Secret? {
        let path = ConfigurationFile.resolve(name, from: directory)
        do {
            let text = try ConfigurationFile.text(at: path, maximumSize: Self.maximumSecretSize)
            let bytes = text.utf8
            let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.map(bytes.index(after:))
            guard let end else {
                report(value, found: "\(path), an empty file", expected: "a file with the secret")
                return nil
            }
            return Secret(String(Substring(bytes[..<end])))
        } catch {
            report(value, found: "\(path): \(error.reason)", expected: "a readable file with the secret")
            return nil
        }
    }

    private static let expectedSecret = "a secret, or secret_file: and the path of a file that holds it"
}
