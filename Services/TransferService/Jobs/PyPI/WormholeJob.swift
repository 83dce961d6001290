import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol

/// A system's end of a transfer by Magic Wormhole: a job that waits for the user's `wormhole` under the same code.
struct WormholeJob: Sendable {
    let settings: Cluster.DataTransfer.Wormhole
    let code: WormholeCode
    /// How long the job waits for the other end.
    var waitTimeout: Duration = .seconds(86400)

    /// Receives a file.
    func upload(to target: AbsolutePath) throws -> TransferJobWork {
        TransferJobWork(
            script: try program(.receive).receiving(IncomingFile(target: target)), successMessage: "File was successfully uploaded to the target.")
    }

    /// Sends a file.
    func download(from source: AbsolutePath) throws -> TransferJobWork {
        TransferJobWork(script: try program(.send).sending(source), successMessage: "File was successfully downloaded by the client.")
    }

    private enum Operation: String, Encodable {
        case receive, send
    }

    /// What `wormhole.py` reads.
    private struct ProgramSettings: Encodable {
        let operation: Operation
        let code: String
        /// In seconds.
        let waitTimeout: Int64
        let relayURL: String?
        let transitHelper: String?
    }

    private func program(_ operation: Operation) throws -> PackagedProgram {
        let programSettings = ProgramSettings(
            operation: operation, code: code.secret.revealed, waitTimeout: waitTimeout.components.seconds, relayURL: settings.relayURL,
            transitHelper: settings.transitHelper)
        return PackagedProgram(
            // 0.17 and 0.18 are the last ones for Python 3.8.
            package: "magic-wormhole>=0.17,<1", indexURL: settings.pypiIndexURL, listening: nil,
            source: String(decoding: PackageResources.wormhole_py, as: UTF8.self),
            settings: String(decoding: try JSONEncoder().encode(programSettings), as: UTF8.self))
    }
}
