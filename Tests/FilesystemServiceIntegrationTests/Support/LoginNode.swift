import Foundation
import StackTesting

/// An SSH server of the test's own for the stack's users. Whatever happens to it and its processes concerns nobody else.
final class LoginNode: Sendable {
    let port: Int
    private let folder: URL
    private let process: Int32

    /// - Parameter options: Lines for sshd_config that go before the others, and so decide.
    static func start(for stack: Stack, options: [String] = []) async throws -> LoginNode {
        for _ in 0..<5 {
            if let node = try await LoginNode(stack, options) { return node }
        }
        throw Unexpected(description: "sshd does not start")
    }

    private init?(_ stack: Stack, _ options: [String]) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-login-node-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        port = try FreePort.find()
        let key = folder.appending(path: "host").path
        let processFile = folder.appending(path: "pid").path
        let configuration = folder.appending(path: "sshd_config").path
        try await LocalCommand("/usr/bin/ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", key).run()
        let lines =
            options + [
                "ListenAddress 127.0.0.1:\(port)", "HostKey \(key)", "PidFile \(processFile)", "UsePAM no", "StrictModes no",
                "AuthorizedKeysFile \(try stack["SSH_AUTHORIZED_KEYS"])/%u", "Subsystem sftp internal-sftp", "MaxStartups 100", "LogLevel ERROR",
            ]
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: configuration))
        // It goes on in the background and writes its number down once it listens.
        try await LocalCommand("/usr/sbin/sshd", "-f", configuration, "-E", folder.appending(path: "log").path).run()
        let started = try? await eventually(within: .seconds(5), "sshd listens") {
            (try? String(contentsOfFile: processFile, encoding: .utf8)).flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let started else {
            try FileManager.default.removeItem(at: folder)
            return nil
        }
        process = started
    }

    deinit {
        for child in children { child.end() }
        kill(process, SIGTERM)
        try? FileManager.default.removeItem(at: folder)
    }

    /// The processes of its connections, and whatever those have started.
    var children: [RemoteChild] {
        let all = RemoteChild.all
        var found: [RemoteChild] = []
        var parents: Set = [process]
        while true {
            let next = all.filter { parents.contains($0.parent) }
            if next.isEmpty { return found }
            found += next
            parents = Set(next.map(\.number))
        }
    }
}
