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

    private func call(_ operation: String, _ path: AbsolutePath, _ query: [(name: String, value: String)]) -> InternalClient.Call {
        InternalClient.Call(
            .get, .filesystem, "/filesystem/\(PercentEncoding.encode(cluster.name))/ops/\(operation)", system: cluster.name,
            query: [("path", "\(path)")] + query)
    }
}
