import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// What a client asks of `POST …/transfer/upload`, checked against the system's rules.
struct UploadRequest {
    /// How the file comes, with what must be known of it beforehand.
    enum Way {
        case s3(PartPlan)
        /// - Parameter fileSize: In bytes, where the client announces it.
        case streamer(Cluster.DataTransfer.Streamer, fileSize: Int?)
        /// - Parameter code: What the user's `wormhole send` has given out.
        case wormhole(Cluster.DataTransfer.Wormhole, code: WormholeCode)
    }

    /// The file to make or to replace.
    let target: AbsolutePath
    let way: Way
    /// What the job is charged to.
    let account: String?
    let idempotencyKey: String?

    static func read(_ request: Request, on cluster: Cluster) async throws -> UploadRequest {
        try UploadRequest(BodyFields(try await request.jsonObject()), idempotencyKey: try request.idempotencyKey(), on: cluster)
    }

    private init(_ fields: BodyFields, idempotencyKey: String?, on cluster: Cluster) throws {
        var fields = fields
        target = try fields.path(on: cluster)
        try cluster.requirePart(target)
        var directives = fields.nested("transferDirectives", "transfer_directives", required: false)
        switch try fields.transferMethod(in: &directives, on: cluster) {
        case .s3(let settings):
            let size = directives.requiredInteger("fileSize", "file_size", in: 0...PartPlan.sizeLimit)
            way = .s3(try PartPlan(size: size, maxPartSize: settings.multipart.maxPartSize))
        case .streamer(let settings):
            way = .streamer(settings, fileSize: directives.integer("fileSize", "file_size", in: 0...settings.inboundTransferLimit))
        case .wormhole(let settings):
            let code = directives.requiredString("wormholeCode", "wormhole_code")
            way = .wormhole(settings, code: try WormholeCode(code))
        }
        account = fields.account(on: cluster)
        fields.adopt(directives)
        try fields.finish()
        self.idempotencyKey = idempotencyKey
    }
}
