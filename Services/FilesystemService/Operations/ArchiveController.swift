import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// The routes that make and unpack archives.
struct ArchiveController: Sendable {
    let systems: FilesystemSystems

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/ops", context: CallerRequestContext.self)
        group.post("compress", use: compress)
        group.post("extract", use: extract)
    }

    @Sendable private func compress(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        var operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let archive = try operation.path(fields.targetPath(), named: "targetPath")
        try operation.cluster.requirePart(archive)
        let pattern = fields.string("matchPattern", "match_pattern")
        let wanted = ArchiveRequest(
            source: operation.path, archive: archive, matchPattern: pattern?.isEmpty == true ? nil : pattern,
            dereferences: fields.boolean("dereference"), compression: fields.choice("compression", default: .gzip))
        if let pattern, pattern.utf8.contains(0) || pattern.utf8.count > Self.maximumPattern {
            fields.refuse("matchPattern", "must have at most \(Self.maximumPattern) bytes, none of them NUL")
        }
        try fields.finish()
        try operation.finish()
        try await operation.files.compress(wanted, as: operation.user)
        return Response(status: .noContent)
    }

    /// The longest regular expression, in bytes: as long as a path.
    private static let maximumPattern = AbsolutePath.maximumLength

    @Sendable private func extract(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        var operation = try systems.operation(request, context, bodyPath: fields.sourcePath())
        let directory = try operation.path(fields.targetPath(), named: "targetPath")
        let compression = fields.choice("compression", default: Compression.gzip)
        try fields.finish()
        try operation.finish()
        try await operation.files.extract(operation.path, into: directory, compression: compression, as: operation.user)
        return Response(status: .noContent)
    }
}
