import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import Hummingbird
import NIOCore

/// The routes that look at and change files right away.
struct FileOperationsController: Sendable {
    let systems: FilesystemSystems

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/ops", context: CallerRequestContext.self)
        group.get("ls", use: list)
        group.get("stat", use: stat)
        group.get("head") { try await excerpt(.head, skipFlag: "skipTrailing", $0, $1) }
        group.get("tail") { try await excerpt(.tail, skipFlag: "skipHeading", $0, $1) }
        group.get("view", use: view)
        group.get("checksum", use: checksum)
        group.get("file", use: fileType)
        group.post("mkdir", use: makeDirectory)
        group.delete("rm", use: remove)
        group.post("upload", use: upload)
        group.get("download", use: download)
    }

    // MARK: - Looking

    @Sendable private func list(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let options = ListingOptions(
            showsHidden: operation.query.boolean("showHidden"), numericIDs: operation.query.boolean("numericUid"),
            recursive: operation.query.boolean("recursive"), dereferences: operation.query.boolean("dereference"))
        try operation.finish()
        let target = ListingTarget(path: operation.path, entersLink: operation.parameter.endsInSlash)
        return try .json(OperationOutput(try await operation.files.list(target, options, as: operation.user)))
    }

    @Sendable private func stat(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let dereferences = operation.query.boolean("dereference")
        try operation.finish()
        return try .json(
            OperationOutput(try await operation.files.stat(operation.path, dereferences: dereferences, as: operation.user)))
    }

    private func excerpt(
        _ edge: Excerpt.Edge, skipFlag: String, _ request: Request, _ context: CallerRequestContext
    ) async throws -> Response {
        var operation = try systems.operation(request, context)
        let lines = operation.query.integer("lines")
        let bytes = operation.query.integer("bytes")
        let skipping = operation.query.boolean(skipFlag)
        try operation.query.finish()
        let excerpt = try Excerpt(edge, lines: lines, bytes: bytes, skipping: skipping)
        try operation.finish()
        let content = try await operation.files.read(excerpt, of: operation.path, as: operation.user)
        return try .json(OperationOutput(excerpt.content(String(buffer: content))))
    }

    @Sendable private func view(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let limit = operation.maximumSize
        let size = operation.query.integer("size", in: 1...max(1, limit)) ?? min(Self.defaultViewSize, limit)
        let offset = operation.query.integer("offset", in: 0...Int.max) ?? 0
        try operation.finish()
        let content = try await operation.files.read(operation.path, offset: offset, size: size, as: operation.user)
        return try .json(OperationOutput(String(buffer: content)))
    }

    private static let defaultViewSize = 5 * 1024 * 1024

    @Sendable private func checksum(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        try operation.finish()
        return try .json(OperationOutput(try await operation.files.checksum(operation.path, as: operation.user)))
    }

    @Sendable private func fileType(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        try operation.finish()
        return try .json(OperationOutput(try await operation.files.fileType(operation.path, as: operation.user)))
    }

    // MARK: - Changing

    @Sendable private func makeDirectory(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var fields = BodyFields(try await request.jsonObject())
        let operation = try systems.operation(request, context, bodyPath: fields.string("path", "sourcePath", "source_path"))
        let withParents = fields.boolean("parent")
        try fields.finish()
        try operation.finish()
        let entry = try await operation.files.makeDirectory(operation.path, withParents: withParents, as: operation.user)
        return try .json(OperationOutput(entry), status: .created)
    }

    @Sendable private func remove(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        guard !operation.cluster.fileSystems.contains(where: { $0.path == operation.path }) else {
            throw APIError(.badRequest, "\(operation.path) is a whole file system and cannot be removed; name something in it")
        }
        try operation.finish()
        try await operation.files.remove(operation.path, as: operation.user)
        return Response(status: .noContent)
    }

    // MARK: - Moving content

    @Sendable private func upload(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        let boundary = try MultipartBoundary.read(fromContentType: request.headers[.contentType])
        try operation.finish()
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > operation.maximumSize + Self.maximumFormOverhead {
            throw APIError.fileTooLarge(limit: operation.maximumSize)
        }
        var form = UploadForm(request.body, boundary: boundary)
        let name = try await form.fileName()
        try await operation.files.write(form, to: name, in: operation.path, as: operation.user)
        return Response(status: .noContent)
    }

    /// What a form adds to its file at most: the other fields, two headers and delimiters. A longer body certainly holds a file over the limit.
    private static let maximumFormOverhead = 128 * 1024

    @Sendable private func download(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        try operation.finish()
        let download = try await operation.files.open(operation.path, limit: operation.maximumSize, as: operation.user)
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream", .contentLength: String(download.size)],
            body: ResponseBody(contentLength: download.size) { writer in
                defer { download.cancel() }
                try await download.forEach { try await writer.write($0) }
                try await writer.finish(nil)
            })
    }
}
