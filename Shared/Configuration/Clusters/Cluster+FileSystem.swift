internal import HTTPTypes
public import GoldcrestProtocol

extension Cluster {
    /// A file system of a cluster; only what lies in one can be reached.
    public struct FileSystem: Sendable, Equatable {
        public enum DataType: String, Sendable, CaseIterable, Codable {
            case users, store, archive, apps, scratch, project
        }

        public var path: AbsolutePath
        public var dataType: DataType
        /// Whether the jobs of transfers work here, in `<path>/<user>`.
        public var defaultWorkDir: Bool

        public init(path: AbsolutePath, dataType: DataType, defaultWorkDir: Bool = false) {
            self.path = path
            self.dataType = dataType
            self.defaultWorkDir = defaultWorkDir
        }
    }

    /// Where the jobs of transfers work; transfers need one.
    public var defaultWorkDirectory: FileSystem? {
        fileSystems.first(where: \.defaultWorkDir)
    }

    /// The innermost file system that a path lies in.
    public func fileSystem(containing path: AbsolutePath) -> FileSystem? {
        fileSystems.filter { path.isWithin($0.path) }.max { $0.path.byteCount < $1.path.byteCount }
    }

    /// The innermost file system that a path lies in; none for a path that is not absolute.
    public func fileSystem(containing path: String) -> FileSystem? {
        (try? AbsolutePath(normalising: path)).flatMap { fileSystem(containing: $0) }
    }

    /// The path that a user's text names, if it is one that users of this cluster may name at all.
    ///
    /// - Throws: ``APIError`` 400 when the text is no absolute path or the path lies in none of the cluster's file systems.
    public func authorisedPath(_ text: String) throws(APIError) -> AbsolutePath {
        try authorisedPath(text.utf8)
    }

    /// The path that a user's bytes name, if it is one that users of this cluster may name at all. Names of files need not be text.
    ///
    /// - Throws: ``APIError`` 400 when they are no absolute path or the path lies in none of the cluster's file systems.
    public func authorisedPath(_ bytes: some Collection<UInt8>) throws(APIError) -> AbsolutePath {
        let path = try AbsolutePath(normalising: bytes)
        guard fileSystem(containing: path) != nil else {
            throw APIError(.badRequest, "The path \(path) is not in a file system of the system \(name)")
        }
        return path
    }
}
