import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import Hummingbird

/// All systems of the configuration.
struct FilesystemSystems: Sendable {
    private let systems: [String: FilesystemSystem]

    init(_ systems: [FilesystemSystem]) {
        self.systems = Dictionary(systems.map { ($0.cluster.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: ``APIError`` 404 for a name that the configuration doesn't have.
    func system(named name: String) throws(APIError) -> FilesystemSystem {
        guard let system = systems[name] else { throw APIError(.notFound, "System not found") }
        return system
    }

    /// Reads what all operations need, in the order in which the API checks: the system, then the path, which stands in the query.
    func operation(_ request: Request, _ context: CallerRequestContext) throws -> FileOperation {
        let system = try system(named: context.call.system)
        let query = try QueryFields(of: request, binary: ["path"])
        let parameter = try PathParameter(query.bytes("path"), on: system.cluster)
        return FileOperation(system: system, parameter: parameter, query: query, context: context)
    }

    /// The same for operations whose body names the path. One in the query is checked as well.
    func operation(_ request: Request, _ context: CallerRequestContext, bodyPath: String?) throws -> FileOperation {
        let system = try system(named: context.call.system)
        let query = try QueryFields(of: request, binary: ["path"])
        let others = try query.bytes("path").map { [try PathParameter($0, on: system.cluster)] } ?? []
        let parameter = try PathParameter(text: bodyPath, on: system.cluster)
        return FileOperation(system: system, parameter: parameter, others: others, query: query, context: context)
    }
}
