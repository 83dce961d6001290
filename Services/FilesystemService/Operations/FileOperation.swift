import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH

/// A request for something to be done with a path of a system.
struct FileOperation {
    private let system: FilesystemSystem
    private let context: CallerRequestContext
    let parameter: PathParameter
    /// Its further parameters.
    var query: QueryFields

    init(system: FilesystemSystem, parameter: PathParameter, query: QueryFields, context: CallerRequestContext) {
        self.system = system
        self.parameter = parameter
        self.query = query
        self.context = context
    }

    var cluster: Cluster { system.cluster }
    var files: any FileSystemAccess { system.files }
    var path: AbsolutePath { parameter.path }
    /// The most bytes that may be read or written.
    var maximumSize: Int { cluster.dataOperation.maxOpsFileSize }
    var user: SSHUser { SSHUser(name: context.call.user, token: context.token) }

    /// The last checks before the work.
    ///
    /// - Throws: ``APIError`` 400 naming every wrong parameter, 503 while the system's SSH server or the path's file system is unhealthy.
    func finish() throws {
        try query.finish()
        try context.requireHealthy(.ssh)
        let fileSystem = cluster.fileSystem(containing: path)?.path.string
        if context.call.unhealthyServices.contains(where: { $0.serviceType == .filesystem && ($0.path == nil || $0.path == fileSystem) }) {
            try context.requireHealthy(.filesystem)
        }
    }
}
