import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import Hummingbird
import NIOCore

/// The routes that read and write what is in files.
struct FileContentController: Sendable {
    let systems: FilesystemSystems
    let disconnects: ClientDisconnects
    private let followers = FollowerLimit()

    init(systems: FilesystemSystems, disconnects: ClientDisconnects) {
        self.systems = systems
        self.disconnects = disconnects
    }

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/ops", context: CallerRequestContext.self)
        group.get("head") { try await excerpt(.head, skipFlag: "skipTrailing", $0, $1) }
        group.get("tail") { try await excerpt(.tail, skipFlag: "skipHeading", $0, $1) }
        group.get("view", use: view)
        group.post("upload", use: upload)
        group.get("download", use: download)
    }

    private func excerpt(
        _ edge: Excerpt.Edge, skipFlag: String, _ request: Request, _ context: CallerRequestContext
    ) async throws -> Response {
        var operation = try systems.operation(request, context)
        let lines = operation.query.integer("lines")
        let bytes = operation.query.integer("bytes")
        let skipping = operation.query.boolean(skipFlag)
        let follows = edge == .tail && operation.query.boolean("follow")
        try operation.query.finish()
        let excerpt = try Excerpt(edge, lines: lines, bytes: bytes, skipping: skipping)
        try operation.finish()
        if follows { return try await follow(operation, from: excerpt, request, context) }
        let stream = try await operation.files.open(excerpt, of: operation.path, limit: operation.maximumSize, as: operation.user)
        return try await .json(TextPieces(stream, excerpt: excerpt))
    }

    private func follow(
        _ operation: FileOperation, from excerpt: Excerpt, _ request: Request, _ context: CallerRequestContext
    ) async throws -> Response {
        let places = max(1, operation.cluster.ssh.maxSessions / 2)
        let place = try followers.place(for: operation.user.name, on: operation.cluster.name, limit: places)
        // What is no offset was not sent by this service; a client without one begins anew.
        let resumption = request.headers[.lastEventID].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        let start = resumption.map(FollowStart.resumption) ?? .excerpt(excerpt)
        let answer = try await FollowAnswer(operation, from: start, place: place, logger: context.logger)
        return answer.response(on: context.channel, disconnects: disconnects)
    }

    @Sendable private func view(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        var operation = try systems.operation(request, context)
        let limit = operation.maximumSize
        let size = operation.query.integer("size", in: 1...max(1, limit)) ?? min(Self.defaultViewSize, limit)
        let offset = operation.query.integer("offset", in: 0...Int.max) ?? 0
        try operation.finish()
        let stream = try await operation.files.open(operation.path, as: operation.user) { version in
            let start = min(offset, version.size)
            return start..<start + min(size, version.size - start)
        }
        return try await .json(TextPieces(stream))
    }

    private static let defaultViewSize = 5 * 1024 * 1024

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
        let wanted = DownloadRequest(request.headers, isHead: request.method == .head, limit: operation.maximumSize)
        let stream = try await operation.files.open(operation.path, as: operation.user) { try wanted.range(of: $0) }
        let head = try wanted.head(for: stream.head.version)
        guard let range = stream.head.range else { return Response(status: head.status, headers: head.headerFields) }
        let (channel, disconnects) = (context.channel, disconnects)
        return Response(
            status: head.status, headers: head.headerFields,
            body: ResponseBody(contentLength: range.count) { writer in
                let registration = disconnects.observe(channel) { stream.cancel() }
                defer {
                    registration.end()
                    stream.cancel()
                }
                while let bytes = try await stream.next() { try await writer.write(bytes) }
                try await writer.finish(nil)
            })
    }
}
