import FoundationEssentials
import GoldcrestConfiguration

/// A transfer by firecrest-streamer: the job listens, and the user's client connects to it.
struct StreamerPlan: TransferPlan {
    let direction: TransferDirection
    let account: String?
    let fileSize: Int?
    private let job: StreamerJob
    private let coordinates: StreamerCoordinates

    /// - Parameter fileSize: In bytes, where an upload has announced it.
    /// - Throws: ``APIError`` 501 if the configuration does not say at which addresses users reach the jobs.
    init(_ direction: TransferDirection, settings: Cluster.DataTransfer.Streamer, account: String?, fileSize: Int? = nil) throws {
        self.direction = direction
        self.account = account
        self.fileSize = fileSize
        job = StreamerJob(settings: settings, secret: StreamerJob.makeSecret())
        coordinates = try StreamerCoordinates(settings: settings, secret: job.secret)
    }

    var request: TransferRequest { direction.request(by: .streamer, account: account, fileSize: fileSize) }

    func inspect(_ files: UserFiles) async throws { try await direction.inspect(files) }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        let work =
            switch direction {
            case .upload(let target): try job.upload(to: target)
            case .download(let source): try job.download(from: source)
            }
        return PreparedTransfer(work: work, directives: TransferDirectives(transferMethod: .streamer, coordinates: coordinates.text))
    }
}
