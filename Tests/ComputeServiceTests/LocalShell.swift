import Foundation
import GoldcrestSSH
import GoldcrestShell
import NIOCore

@testable import ComputeService

/// Runs commands on this machine with programs that a test makes up, for what real ones don't do at will: failing and hanging.
final class LocalShell: RemoteShell {
    private let directory: URL

    /// - Parameter programs: Shell scripts by the names of the commands that they stand for.
    init(_ programs: [String: String]) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("goldcrest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, script) in programs {
            let file = directory.appendingPathComponent(name)
            try Data("#!/bin/bash\n\(script)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func run(
        _ command: RemoteCommand, as user: SSHUser, input: ByteBuffer?, outputLimit: Int, timeout: Duration?
    ) async throws -> RemoteResult {
        let limited = timeout.map { command.limited(to: $0) } ?? command
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", try limited.shellText()]
        process.environment = ["PATH": "\(directory.path):/usr/bin:/bin"]
        let files = ["stdin", "stdout", "stderr"].map { directory.appendingPathComponent("\($0)-\(UUID().uuidString)") }
        try Data((input ?? ByteBuffer()).readableBytesView).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { process in
                // As shells report a signal.
                let offset = process.terminationReason == .uncaughtSignal ? 128 : 0
                continuation.resume(returning: offset + Int(process.terminationStatus))
            }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return RemoteResult(
            exitStatus: status, standardOutput: ByteBuffer(bytes: [UInt8](try Data(contentsOf: files[1]))),
            standardError: ByteBuffer(bytes: [UInt8](try Data(contentsOf: files[2]))), wasLimited: timeout != nil)
    }
}
