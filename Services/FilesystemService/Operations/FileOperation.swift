import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes

/// A request for something to be done with a path of a system.
struct FileOperation {
    private let system: FilesystemSystem
    private let context: CallerRequestContext
    let parameter: PathParameter
    /// Everything that the request names.
    private var paths: [AbsolutePath]
    /// Its further parameters.
    var query: QueryFields

    /// - Parameter others: Paths that the request names beside `parameter`.
    init(
        system: FilesystemSystem, parameter: PathParameter, others: [PathParameter] = [], query: QueryFields, context: CallerRequestContext
    ) {
        self.system = system
        self.parameter = parameter
        paths = [parameter.path] + others.map(\.path)
        self.query = query
        self.context = context
    }

    var cluster: Cluster { system.cluster }
    var files: any FileSystemAccess { system.files }
    var path: AbsolutePath { parameter.path }
    /// The most bytes that may be read or written.
    var maximumSize: Int { cluster.dataOperation.maxOpsFileSize }
    var user: SSHUser { SSHUser(name: context.call.user, token: context.token) }

    /// Reads a further path of the request's body.
    ///
    /// - Throws: ``APIError`` 400 when it is missing, or no absolute path in one of the system's file systems.
    mutating func path(_ text: String?, named name: String) throws -> AbsolutePath {
        let path = try PathParameter(text: text, named: name, on: cluster).path
        paths.append(path)
        return path
    }

    /// The last checks before the work.
    ///
    /// - Throws: ``APIError`` 400 naming every wrong parameter, 503 while the system's SSH server or a file system that a path lies in is unhealthy.
    func finish() throws {
        try query.finish()
        try context.requireHealthy(.ssh)
        let needed = Set(paths.compactMap { cluster.fileSystem(containing: $0)?.path.string })
        for service in context.call.unhealthyServices where service.serviceType == .filesystem {
            guard service.path.map(needed.contains) ?? true else { continue }
            throw APIError(.serviceUnavailable, "The file system \(service.path ?? "") of \(cluster.name) is unhealthy; see /status/systems")
        }
    }
}
