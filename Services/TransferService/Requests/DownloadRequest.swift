import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// What a client asks of `POST …/transfer/download`, checked against the system's rules.
struct DownloadRequest {
    let source: AbsolutePath
    let way: Cluster.DataTransfer
    /// What the job is charged to.
    let account: String?
    let idempotencyKey: String?

    static func read(_ request: Request, on cluster: Cluster) async throws -> DownloadRequest {
        try DownloadRequest(BodyFields(try await request.jsonObject()), idempotencyKey: try request.idempotencyKey(), on: cluster)
    }

    private init(_ fields: BodyFields, idempotencyKey: String?, on cluster: Cluster) throws {
        var fields = fields
        source = try fields.path(on: cluster)
        var directives = fields.nested("transferDirectives", "transfer_directives", required: false)
        way = try fields.transferMethod(in: &directives, on: cluster)
        account = fields.account(on: cluster)
        fields.adopt(directives)
        try fields.finish()
        self.idempotencyKey = idempotencyKey
    }
}
