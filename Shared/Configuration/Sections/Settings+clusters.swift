extension Settings {
    private static let folderPrefix = "path:"

    /// The clusters of the list, or of the files of the folder that `path:` names.
    static func clusters(in file: ConfigurationSection) -> [Cluster] {
        let expected = "a list of clusters, or path: and a folder with a YAML file for each"
        guard let value = file.find("clusters") else {
            file.warn("clusters", "there are no clusters")
            return []
        }
        var names: [String: String] = [:]
        switch value.node.content {
        case .sequence(let nodes):
            if nodes.isEmpty { file.warn("clusters", "there are no clusters") }
            return nodes.enumerated().map { index, node in
                let element = ConfigurationSection.Found(node: node, path: value.path.appending(index))
                return file.section(element) { Cluster(reading: $0, names: &names) }
            }
        case .scalar(let text, _) where text.hasPrefix(folderPrefix):
            let folder = ConfigurationFile.resolve(String(text.dropFirst(folderPrefix.count)), from: file.directory)
            return clusters(inFolder: folder, value, file, names: &names)
        default:
            file.report(value, found: value.node.kind, expected: expected)
            return []
        }
    }

    private static func clusters(
        inFolder folder: String, _ value: ConfigurationSection.Found, _ file: ConfigurationSection, names: inout [String: String]
    ) -> [Cluster] {
        let files: [String]
        do {
            files = try ConfigurationFile.names(in: folder, endingWith: ".yaml")
        } catch {
            file.report(value, found: "\(folder): \(error.reason)", expected: "a folder with a YAML file for each cluster")
            return []
        }
        if files.isEmpty { file.warn("clusters", "there are no clusters: no file in \(folder) ends in .yaml") }
        var clusters: [Cluster] = []
        for name in files {
            let source = ConfigurationSource(path: "\(folder)/\(name)", name: name, diagnostics: file.diagnostics)
            if let cluster = source.read({ Cluster(reading: $0, names: &names) }) { clusters.append(cluster) }
        }
        return clusters
    }
}
