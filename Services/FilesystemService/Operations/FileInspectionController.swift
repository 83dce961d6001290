import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// The routes that tell what files there are, and what they are.
struct FileInspectionController: Sendable {
    let systems: FilesystemSystems

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/ops", context: CallerRequestContext.self)
        group.get("ls", use: list)
        group.get("stat", use: stat)
        group.get("checksum", use: checksum)
        group.get("file", use: fileType)
    }

    @Sendable private func list(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let options = ListingOptions(
            showsHidden: operation.query.boolean("showHidden"), numericIDs: operation.query.boolean("numericUid"),
            recursive: operation.query.boolean("recursive"), dereferences: operation.query.boolean("dereference"))
        let page = ListingPage(
            offset: operation.query.integer("offset", in: 0...Int.max), limit: operation.query.integer("limit", in: 1...Int.max))
        try operation.finish()
        let target = ListingTarget(path: operation.path, entersLink: operation.parameter.endsInSlash)
        let entries = try await operation.files.list(target, options, as: operation.user)
        return try await .json(ListingPieces(entries, page: page))
    }

    @Sendable private func stat(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let dereferences = operation.query.boolean("dereference")
        try operation.finish()
        return try .json(
            OperationOutput(try await operation.files.stat(operation.path, dereferences: dereferences, as: operation.user)))
    }

    @Sendable private func checksum(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let algorithm = operation.query.choice("algorithm", default: ChecksumAlgorithm.sha256)
        try operation.finish()
        return try .json(OperationOutput(try await operation.files.checksum(operation.path, by: algorithm, as: operation.user)))
    }

    @Sendable private func fileType(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        try operation.finish()
        return try .json(OperationOutput(try await operation.files.fileType(operation.path, as: operation.user)))
    }
}
