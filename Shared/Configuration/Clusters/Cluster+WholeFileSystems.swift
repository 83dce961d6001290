public import GoldcrestProtocol
internal import HTTPTypes

extension Cluster {
    /// A file system as a whole, or a directory that one lies in, is neither removed, moved nor overwritten, whatever the user's permissions.
    ///
    /// - Throws: ``APIError`` 400.
    public func requirePart(_ path: AbsolutePath) throws(APIError) {
        guard let fileSystem = fileSystems.first(where: { $0.path.isWithin(path) }) else { return }
        throw APIError(
            .badRequest,
            "\(path) holds the whole file system \(fileSystem.path), which is neither removed, moved nor overwritten; name something in it")
    }

    /// The same for what a copy or move would overwrite: where the target is a directory, that is what has the source's name in it.
    ///
    /// - Throws: ``APIError`` 400.
    public func requireNoneOverwritten(byPutting source: AbsolutePath, at target: AbsolutePath) throws(APIError) {
        if !source.isRoot { try requirePart(try target.appending(source.lastComponent)) }
    }
}
