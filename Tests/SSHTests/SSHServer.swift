import Foundation
import Synchronization

@testable import GoldcrestSSH

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A real sshd on a free loopback port, with a temporary folder of its own, for the current user.
final class SSHServer: Sendable {
    let port: Int
    let folder: URL
    private let options: [String]
    private let running: Mutex<SpawnedProcess>
    var process: SpawnedProcess { running.withLock { $0 } }
    /// A user key that the server lets in.
    let userKey: String

    static let userName = NSUserName()

    /// OpenSSH's SFTP server as distributions place it.
    static let sftpServer = ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/libexec/sftp-server"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// - Parameters:
    ///   - options: Lines for sshd_config that go before the others, and so decide.
    ///   - sftp: The command that serves SFTP, if any; `FOLDER` in it stands for the server's folder.
    init(options: [String] = [], sftp: String? = SSHServer.sftpServer) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-sshd-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.keygen(["-t", "ed25519", "-f", folder.appending(path: "host_ed25519").path])
        try Self.keygen(["-t", "ed25519", "-f", folder.appending(path: "user").path])
        try FileManager.default.copyItem(at: folder.appending(path: "user.pub"), to: folder.appending(path: "authorized_keys"))
        userKey = try String(contentsOf: folder.appending(path: "user"), encoding: .utf8)
        // Started as root, sshd wants this folder whether it separates privileges or not.
        if geteuid() == 0 { try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true) }
        let path = folder.path
        self.options = options + (sftp.map { ["Subsystem sftp " + $0.replacing("FOLDER", with: path)] } ?? [])
        let (port, process) = try Self.launch(in: folder, options: self.options, port: nil)
        self.port = port
        running = Mutex(process)
    }

    deinit {
        let started = descendants
        process.terminate()
        for other in started { other.terminate() }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func launch(in folder: URL, options: [String], port: Int?) throws -> (Int, SpawnedProcess) {
        for _ in 0..<20 {
            let port = try port ?? freePort()
            let configuration =
                [
                    "Port \(port)", "ListenAddress 127.0.0.1", "HostKey \(folder.path)/host_ed25519", "PidFile none", "UsePAM no", "StrictModes no",
                    "AuthorizedKeysFile \(folder.path)/authorized_keys", "PermitRootLogin yes", "MaxStartups 200", "PrintMotd no", "LogLevel ERROR",
                    // A shell that is not the first does not read ~/.bashrc, which can take longer than a test.
                    "SetEnv SHLVL=1",
                ]
            // sshd takes the first value of each keyword.
            let lines = (options + configuration).joined(separator: "\n") + "\n"
            try lines.write(to: folder.appending(path: "sshd_config"), atomically: true, encoding: .utf8)
            let process = try SpawnedProcess(
                "/usr/sbin/sshd", ["-f", folder.appending(path: "sshd_config").path, "-D", "-E", folder.appending(path: "log").path])
            while process.isRunning {
                if isListening(port) { return (port, process) }
                usleep(2000)
            }
        }
        throw ServerError(description: "sshd does not start: \((try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "")")
    }

    /// Ends the server with its connections and starts another in its place.
    func restartWithNewHostKey() throws {
        let started = descendants
        process.terminate()
        for other in started { other.terminate() }
        try FileManager.default.removeItem(at: folder.appending(path: "host_ed25519"))
        try Self.keygen(["-t", "ed25519", "-f", folder.appending(path: "host_ed25519").path])
        let (_, process) = try Self.launch(in: folder, options: options, port: port)
        running.withLock { $0 = process }
    }

    /// Writes a file into the server's folder.
    func write(_ text: String, to name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    static func keygen(_ arguments: [String], passphrase: String = "") throws {
        try runKeygen(["-q", "-N", passphrase] + arguments)
    }

    /// Runs ssh-keygen for something else than a key.
    static func runKeygen(_ arguments: [String]) throws {
        let status = try SpawnedProcess("/usr/bin/ssh-keygen", arguments).waitForExit()
        guard status == 0 else { throw ServerError(description: "ssh-keygen \(arguments)") }
    }

    /// The processes that serve one connection each.
    var children: [OtherProcess] {
        let parent = process.id
        return OtherProcess.all.filter { $0.parent == parent }
    }

    /// All processes that the server's connections have started.
    var descendants: [OtherProcess] {
        let all = OtherProcess.all
        func below(_ parent: pid_t) -> [OtherProcess] {
            all.filter { $0.parent == parent }.flatMap { [$0] + below($0.id) }
        }
        return below(process.id)
    }

    private static func isListening(_ port: Int) -> Bool {
        withLoopbackSocket(port: port) { connect($0, $1, $2) == 0 }
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) + getsockname(descriptor, $0, &length) }
        }
        guard code == 0 else { throw ServerError(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func withLoopbackSocket(port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}

struct ServerError: Error, CustomStringConvertible {
    var description: String
}

/// Another process, as /proc shows it.
struct OtherProcess: Sendable {
    let id: pid_t
    let parent: pid_t
    let command: [String]

    init?(_ id: pid_t) {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8), let end = status.lastIndex(of: ")"),
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline")
        else { return nil }
        let fields = status[end...].split(separator: " ")
        guard fields.count > 2, fields[1] != "Z", let parent = pid_t(fields[2]) else { return nil }
        self.id = id
        self.parent = parent
        command = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    static var all: [OtherProcess] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0).flatMap(OtherProcess.init) }
    }

    func terminate() { kill(id, SIGKILL) }
    func stop() { kill(id, SIGSTOP) }
    func resume() { kill(id, SIGCONT) }
}
