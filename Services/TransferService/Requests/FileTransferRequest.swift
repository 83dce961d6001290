import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// What a client asks of the routes that change files, checked against the system's rules.
struct FileTransferRequest {
    let transfer: FileTransfer
    /// What the job is charged to.
    let account: String?
    let idempotencyKey: String?

    /// Reads `POST …/transfer/mv`.
    static func move(_ request: Request, on cluster: Cluster) async throws -> FileTransferRequest {
        try await read(request, on: cluster) { _, source, target in
            try cluster.requirePart(source)
            return .move(source: source, target: target)
        }
    }

    /// Reads `POST …/transfer/cp`.
    static func copy(_ request: Request, on cluster: Cluster) async throws -> FileTransferRequest {
        try await read(request, on: cluster) { fields, source, target in
            .copy(source: source, target: target, dereference: fields.boolean("dereference"))
        }
    }

    /// Reads `POST …/transfer/compress`.
    static func compress(_ request: Request, on cluster: Cluster) async throws -> FileTransferRequest {
        try await read(request, on: cluster) { fields, source, target in
            try cluster.requirePart(target)
            return .compress(
                ArchiveOrder(
                    source: source, target: target, compression: fields.choice("compression", default: .gzip), matchPattern: matchPattern(&fields),
                    dereference: fields.boolean("dereference")))
        }
    }

    /// Reads `POST …/transfer/extract`.
    static func extract(_ request: Request, on cluster: Cluster) async throws -> FileTransferRequest {
        try await read(request, on: cluster) { fields, source, target in
            .extract(source: source, target: target, compression: fields.choice("compression", default: .gzip))
        }
    }

    /// Reads `DELETE …/transfer/rm`.
    static func remove(_ request: Request, on cluster: Cluster) throws -> FileTransferRequest {
        var fields = try QueryFields(of: request)
        guard let text = fields.text("path") else { throw APIError(.badRequest, "`path` is required") }
        let path = try cluster.authorisedPath(text)
        try cluster.requirePart(path)
        let account = fields.text("account").flatMap { $0.isEmpty ? nil : $0 }
        if let problem = cluster.problem(withAccount: account) { fields.refuse("account", problem) }
        try fields.finish()
        return FileTransferRequest(transfer: .remove(path: path), account: account, idempotencyKey: try request.idempotencyKey())
    }

    private static func read(
        _ request: Request, on cluster: Cluster,
        _ makeTransfer: (inout BodyFields, AbsolutePath, AbsolutePath) throws -> FileTransfer
    ) async throws -> FileTransferRequest {
        var fields = BodyFields(try await request.jsonObject())
        let source = try fields.path(on: cluster)
        let target = try fields.targetPath(on: cluster)
        let transfer = try makeTransfer(&fields, source, target)
        let account = fields.account(on: cluster)
        try fields.finish()
        return FileTransferRequest(transfer: transfer, account: account, idempotencyKey: try request.idempotencyKey())
    }

    /// The longest regular expression, in bytes: as long as a path.
    private static let maximumPattern = AbsolutePath.maximumLength

    private static func matchPattern(_ fields: inout BodyFields) -> String? {
        guard let pattern = fields.string("matchPattern", "match_pattern"), !pattern.isEmpty else { return nil }
        if pattern.utf8.contains(0) || pattern.utf8.count > maximumPattern {
            fields.refuse("matchPattern", "must have at most \(maximumPattern) bytes, none of them NUL")
        }
        return pattern
    }
}
