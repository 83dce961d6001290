import GoldcrestProtocol

/// The prefix under which a reverse proxy shows the API (`apis_root_path`).
struct RootPath {
    private let prefix: String

    /// - Parameter path: Empty, or a path such as `/firecrest/v2`.
    init(_ path: String) {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        prefix = trimmed.isEmpty || trimmed.hasPrefix("/") ? trimmed : "/\(trimmed)"
    }

    /// The path behind the prefix. A path without it is taken as it is: the proxy may have removed it already.
    func strip(from path: String) -> String {
        guard !prefix.isEmpty, path.lowercased().hasPrefix("\(prefix.lowercased())/") else { return path }
        return String(path.dropFirst(prefix.count))
    }
}
