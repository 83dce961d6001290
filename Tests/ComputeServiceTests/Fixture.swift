import Foundation
import GoldcrestSSH
import NIOCore

@testable import ComputeService

/// Recorded outputs of real Slurm commands, in `Fixtures/`.
enum Fixture {
    /// The separator with which the rows were recorded.
    static let separator = FieldSeparator("\u{1F}A1b2")

    static func bytes(_ path: String) throws -> ByteBuffer {
        let url = Bundle.module.url(forResource: "Fixtures", withExtension: nil)?.appendingPathComponent(path)
        guard let url else { throw CocoaError(.fileNoSuchFile) }
        return ByteBuffer(bytes: [UInt8](try Data(contentsOf: url)))
    }

    /// A command that said `path`'s content on standard error.
    static func failure(_ path: String, exitStatus: Int = 1) throws -> RemoteResult {
        RemoteResult(exitStatus: exitStatus, standardError: try bytes(path))
    }
}
