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
            try Data("#!/bin/bash\n\(script)\n".utf8).write(to: directory.appendingPathComponent("\(name).text"))
        }
    }

    /// Makes the programs where they are run: what this process has open to write, every other inherits that a test starts meanwhile,
    /// and until that one runs its own program nobody can run this ("Text file busy").
    private var makingPrograms: String {
        """
        for text in '\(directory.path)'/*.text; do
            [ ! -e "$text" ] || [ -e "${text%.text}" ] || { install -m 755 "$text" "$text.$$" && mv "$text.$$" "${text%.text}"; }
        done

        """
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func run(
        _ command: RemoteCommand, as user: SSHUser, input: ByteBuffer?, outputLimit: Int, timeout: Duration?
    ) async throws -> RemoteResult {
        let limited = timeout.map { command.limited(to: $0) } ?? command
        let files = ["stdin", "stdout", "stderr"].map { directory.appendingPathComponent("\($0)-\(UUID().uuidString)") }
        try Data((input ?? ByteBuffer()).readableBytesView).write(to: files[0])
        let status = try await exitStatus(of: try spawn(makingPrograms + (try limited.shellText()), files.map(\.path)))
        return RemoteResult(
            exitStatus: status, standardOutput: ByteBuffer(bytes: [UInt8](try Data(contentsOf: files[1]))),
            standardError: ByteBuffer(bytes: [UInt8](try Data(contentsOf: files[2]))), wasLimited: timeout != nil)
    }

    /// Foundation's Process takes a command for running as long as any process that it has left behind; sshd does not.
    private func spawn(_ text: String, _ files: [String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0)
        for (descriptor, file) in zip([1, 2] as [Int32], files[1...]) {
            posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/bash"), strdup("-c"), strdup(text), nil]
        let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=\(directory.path):/usr/bin:/bin"), nil]
        defer { for string in arguments + environment { free(string) } }
        var process: pid_t = 0
        let error = posix_spawn(&process, "/bin/bash", &actions, nil, arguments, environment)
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
        return process
    }

    /// Signals are told as shells do.
    private func exitStatus(of process: pid_t) async throws -> Int {
        let status = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(process, &status, 0) == -1 && errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
        let signal = Int(status & 0x7F)
        return signal == 0 ? Int(status >> 8) & 0xFF : 128 + signal
    }
}
