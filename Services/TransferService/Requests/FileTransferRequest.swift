import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// What a client asks of the transfer routes, checked against the system's rules.
struct FileTransferRequest {
    let transfer: FileTransfer
    /// The account that the job is charged to.
    let account: String?
    /// Makes a repeated request return the first one's task (draft-ietf-httpapi-idempotency-key-header).
    let idempotencyKey: String?

    /// Reads `POST …/transfer/mv`.
    static func move(_ request: Request, on cluster: Cluster) async throws -> FileTransferRequest {
        try await read(request, on: cluster) { _, source, target in .move(source: source, target: target) }
    }

    /// Reads `POST …/transfer/cp`.
    static func copy(_ request: Request, on cluster: Cluster) async throws -> FileTransferRequest {
        try await read(request, on: cluster) { fields, source, target in
            .copy(source: source, target: target, dereference: fields.boolean("dereference"))
        }
    }

    private static func read(
        _ request: Request, on cluster: Cluster,
        _ makeTransfer: (inout BodyFields, AbsolutePath, AbsolutePath) -> FileTransfer
    ) async throws -> FileTransferRequest {
        var fields = BodyFields(try await request.jsonObject())
        let source = try path(fields.string("path", "sourcePath", "source_path"), "path", on: cluster)
        let target = try path(fields.string("targetPath", "target_path"), "targetPath", on: cluster)
        let transfer = makeTransfer(&fields, source, target)
        if transfer.operation == .mv { try requirePart(source, of: cluster) }
        let account = fields.string("account")
        try fields.finish()
        return FileTransferRequest(
            transfer: transfer, account: try checkedAccount(account, in: .body, on: cluster), idempotencyKey: try idempotencyKey(of: request))
    }

    /// Reads `DELETE …/transfer/rm`.
    static func remove(_ request: Request, on cluster: Cluster) throws -> FileTransferRequest {
        let fields = try QueryFields(of: request)
        let path = try path(fields.text("path"), "path", on: cluster)
        try requirePart(path, of: cluster)
        return FileTransferRequest(
            transfer: .remove(path: path), account: try checkedAccount(fields.text("account"), in: .query, on: cluster),
            idempotencyKey: try idempotencyKey(of: request))
    }

    /// A file system as a whole, or a directory that one lies in, is neither moved nor removed.
    private static func requirePart(_ path: AbsolutePath, of cluster: Cluster) throws {
        guard let fileSystem = cluster.fileSystems.first(where: { $0.path.isWithin(path) }) else { return }
        throw APIError(.badRequest, "\(path) holds the whole file system \(fileSystem.path), which is neither moved nor removed")
    }

    private static func idempotencyKey(of request: Request) throws -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count) else {
            throw APIError(.badRequest, "The header Idempotency-Key must have 1 to 255 characters")
        }
        return key
    }

    private static func path(_ text: String?, _ name: String, on cluster: Cluster) throws -> AbsolutePath {
        guard let text else { throw APIError(.badRequest, "`\(name)` is required") }
        return try cluster.authorisedPath(text)
    }

    /// An account stands in a line of the job script: it is a name, not text.
    private static func checkedAccount(_ account: String?, in location: ErrorBody.Field.Location, on cluster: Cluster) throws -> String? {
        guard let account, !account.isEmpty else {
            if cluster.dataOperation.requiresAccount {
                throw APIError.validation([.init(location: location, name: "account", message: "is required by transfers on \(cluster.name)")])
            }
            return nil
        }
        let isName = account.utf8.count <= 128 && account.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "+"):
                true
            default: false
            }
        }
        guard isName else {
            throw APIError.validation([.init(location: location, name: "account", message: "must be a name of letters, digits and _-.@+")])
        }
        return account
    }
}
