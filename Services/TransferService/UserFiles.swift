import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// A user's files on a system, as filesystem-service sees them with the user's own rights.
struct UserFiles: Sendable {
    let services: InternalClient
    let cluster: Cluster
    let caller: InternalClient.Caller
    let identity: RequestIdentity

    /// - Throws: ``APIError`` 404 if there is no such file, 403 if the user may not see it.
    func stat(_ path: AbsolutePath, dereference: Bool) async throws -> FileStat {
        try await services.call(
            call("stat", path, [("dereference", "\(dereference)")]), as: caller, identity: identity, returning: OperationOutput<FileStat>.self
        ).output
    }

    /// - Throws: ``APIError`` 403 if the user may not read the file or directory. What is neither is not tried: it could block.
    func requireReadable(_ path: AbsolutePath, _ stat: FileStat) async throws {
        switch stat.kind {
        case .regular:
            try await services.call(call("head", path, [("bytes", "1")]), as: caller, identity: identity)
        case .directory:
            do {
                try await services.call(call("ls", path, [("limit", "1")]), as: caller, identity: identity)
            } catch let error as APIError where error.status == .contentTooLarge {
                // Long, but readable.
            }
        default: return
        }
    }

    /// Looks whether a file can be put at a path, be there one already or not. Only the job will know for certain: permissions have more to them than bits.
    ///
    /// - Throws: ``APIError`` 404 if there is no directory for it, 403 if nobody may write to that, 400 if something else than a file is there.
    func requirePlace(forFileAt path: AbsolutePath) async throws {
        let directory = try await requireDirectory(path.parent)
        guard directory.mode & 0o222 != 0 else { throw APIError(.forbidden, "\(path.parent): Permission denied: nobody may write there") }
        do {
            try requireFile(path, try await stat(path, dereference: true))
        } catch let error as APIError where error.status == .notFound {
            // It will be a new file.
        }
    }

    /// - Throws: ``APIError`` 404 if it is not there, 400 if it is something else.
    @discardableResult
    func requireDirectory(_ path: AbsolutePath) async throws -> FileStat {
        let stat = try await stat(path, dereference: true)
        guard stat.kind == .directory else { throw APIError(.badRequest, "\(path): Not a directory") }
        return stat
    }

    /// - Returns: What the file is, links followed.
    /// - Throws: ``APIError`` 404 if there is no such file, 403 if the user may not read it, 400 if it is a directory, a device or the like.
    @discardableResult
    func requireReadableFile(_ path: AbsolutePath) async throws -> FileStat {
        let stat = try await stat(path, dereference: true)
        try requireFile(path, stat)
        try await requireReadable(path, stat)
        return stat
    }

    /// - Throws: ``APIError`` 400 if it is a directory, a device or the like.
    private func requireFile(_ path: AbsolutePath, _ stat: FileStat) throws {
        switch stat.kind {
        case .regular: return
        case .directory: throw APIError(.badRequest, "\(path): Is a directory")
        default: throw APIError(.badRequest, "\(path): Not a regular file")
        }
    }

    private func call(_ operation: String, _ path: AbsolutePath, _ query: [(name: String, value: String)]) -> InternalClient.Call {
        InternalClient.Call(
            .get, .filesystem, "/filesystem/\(PercentEncoding.encode(cluster.name))/ops/\(operation)", system: cluster.name,
            query: [("path", "\(path)")] + query)
    }
}
