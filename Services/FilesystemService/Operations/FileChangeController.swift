import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// The routes that make, change and remove files.
struct FileChangeController: Sendable {
    let systems: FilesystemSystems

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/ops", context: CallerRequestContext.self)
        group.post("mkdir", use: makeDirectory)
        group.delete("rm", use: remove)
        group.post("symlink", use: makeSymbolicLink)
        group.put("chmod", use: changeMode)
        group.put("chown", use: changeOwner)
        group.post("cp", use: copy)
        group.post("mv", use: move)
    }

    @Sendable private func makeDirectory(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        let operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let withParents = fields.boolean("parent")
        try fields.finish()
        try operation.finish()
        let entry = try await operation.files.makeDirectory(operation.path, withParents: withParents, as: operation.user)
        return try .json(OperationOutput(entry), status: .created)
    }

    @Sendable private func remove(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        try operation.cluster.requirePart(operation.path)
        try operation.finish()
        try await operation.files.remove(operation.path, as: operation.user)
        return Response(status: .noContent)
    }

    @Sendable private func makeSymbolicLink(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        var operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let link = try operation.path(fields.string("linkPath", "link_path"), named: "linkPath")
        try fields.finish()
        try operation.finish()
        let entry = try await operation.files.makeSymbolicLink(link, to: operation.path, as: operation.user)
        return try .json(OperationOutput(entry), status: .created)
    }

    @Sendable private func changeMode(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        let operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let text = fields.requiredString("mode")
        try fields.finish()
        let mode = try FileMode(text)
        try operation.finish()
        return try .json(OperationOutput(try await operation.files.changeMode(operation.path, to: mode, as: operation.user)))
    }

    @Sendable private func changeOwner(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        let operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let (user, group) = (fields.string("owner"), fields.string("group"))
        try fields.finish()
        let ownership = try Ownership(user: user, group: group)
        try operation.finish()
        return try .json(OperationOutput(try await operation.files.changeOwner(operation.path, to: ownership, as: operation.user)))
    }

    @Sendable private func copy(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        var operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let target = try operation.path(fields.targetPath(), named: "targetPath")
        let dereferences = fields.boolean("dereference")
        try operation.cluster.requireNoneOverwritten(byPutting: operation.path, at: target)
        try fields.finish()
        try operation.finish()
        let entry = try await operation.files.copy(
            operation.path, to: target, dereferences: dereferences, limit: operation.maximumSize, as: operation.user)
        return try .json(OperationOutput(entry), status: .created)
    }

    @Sendable private func move(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        var operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let target = try operation.path(fields.targetPath(), named: "targetPath")
        try operation.cluster.requirePart(operation.path)
        try operation.cluster.requireNoneOverwritten(byPutting: operation.path, at: target)
        try fields.finish()
        try operation.finish()
        let entry = try await operation.files.move(operation.path, to: target, limit: operation.maximumSize, as: operation.user)
        return try .json(OperationOutput(entry), status: .created)
    }
}
