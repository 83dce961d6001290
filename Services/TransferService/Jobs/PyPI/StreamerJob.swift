import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol

/// A system's end of a transfer by firecrest-streamer: a job that waits for the user's client, on the ports that ``StreamerCoordinates`` tell it.
struct StreamerJob: Sendable {
    let settings: Cluster.DataTransfer.Streamer
    /// What the client proves itself with.
    let secret: Secret

    /// A secret for one transfer: 256 bits.
    static func makeSecret() -> Secret { Secret(Base64URL.encode(SecureRandom.bytes(32))) }

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

    /// What `streamer.py` reads.
    private struct ProgramSettings: Encodable {
        let operation: Operation
        let secret: String
        /// In seconds.
        let waitTimeout: Int64
        let inboundTransferLimit: Int
    }

    private func program(_ operation: Operation) throws -> PackagedProgram {
        let programSettings = ProgramSettings(
            operation: operation, secret: secret.revealed, waitTimeout: settings.waitTimeout.components.seconds,
            inboundTransferLimit: settings.inboundTransferLimit)
        return PackagedProgram(
            // 0.0.21 is the first for Python 3.8. What the program relies on is looked for when it runs, so any later one is welcome.
            package: "firecrest-streamer>=0.0.21,<0.1", indexURL: settings.pypiIndexURL,
            listening: .init(host: settings.host, ports: settings.portRange),
            source: String(decoding: PackageResources.streamer_py, as: UTF8.self),
            settings: String(decoding: try JSONEncoder().encode(programSettings), as: UTF8.self))
    }
}
