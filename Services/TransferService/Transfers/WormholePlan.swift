import FoundationEssentials
import GoldcrestConfiguration

/// A transfer by Magic Wormhole between the job and the user's `wormhole`.
struct WormholePlan: TransferPlan {
    let direction: TransferDirection
    let account: String?
    /// The user's for an upload, as `wormhole send` makes it, and ours for a download.
    let code: WormholeCode
    let settings: Cluster.DataTransfer.Wormhole

    var request: TransferRequest { direction.request(by: .wormhole, account: account) }

    func inspect(_ files: UserFiles) async throws { try await direction.inspect(files) }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        let job = WormholeJob(settings: settings, code: code)
        let work =
            switch direction {
            case .upload(let target): try job.upload(to: target)
            case .download(let source): try job.download(from: source)
            }
        return PreparedTransfer(work: work, directives: TransferDirectives(transferMethod: .wormhole, wormholeCode: code.secret.revealed))
    }
}
