internal import GoldcrestProtocol

extension Cluster.FileSystem {
    init(reading section: ConfigurationSection) {
        self.init(
            path: section.absolutePath("path"),
            dataType: section.choice("data_type", standIn: .users),
            defaultWorkDir: section.flag("default_work_dir", default: false))
    }
}

extension ConfigurationSection {
    fileprivate func absolutePath(_ key: String) -> AbsolutePath {
        let expected = "an absolute path"
        let text = text(key, expected: expected)
        guard !text.isEmpty else { return .root }
        do {
            return try AbsolutePath(normalising: text)
        } catch {
            report(key, found: Self.quoted(text), expected: expected)
            return .root
        }
    }
}
