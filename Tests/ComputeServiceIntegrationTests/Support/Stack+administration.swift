import Foundation
import StackTesting

extension Stack {
    struct AdministrationFailed: Error {
        let arguments: [String]
        let status: Int32
    }

    /// Runs a command of the cluster's Slurm as its administrator.
    func administer(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: try self["SLURM_ADMIN"])
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw AdministrationFailed(arguments: arguments, status: process.terminationStatus) }
    }
}
