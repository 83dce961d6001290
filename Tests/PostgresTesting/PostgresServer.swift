import Foundation
import GoldcrestPostgres
import Logging

/// A PostgreSQL server of the tests' own, in a temporary folder, on a free port of the loopback interface.
///
/// A shell stands between the tests and the server: when its input ends, for whatever reason, a crash of the tests included, it stops the server
/// and removes the folder. (The server runs in its foreground: the shell's `wait` needs SIGCHLD, which the threads that start it have blocked.)
public actor PostgresServer {
    /// Special characters, so that a message that shows the password is easily found.
    public static let password = "sesame-Q7:x/y"

    public nonisolated let port: Int
    private nonisolated let directory: String
    private var keeper: (process: Process, input: FileHandle)?

    private init(directory: String, port: Int) {
        self.directory = directory
        self.port = port
    }

    public nonisolated var url: String { "postgresql://goldcrest:sesame-Q7%3Ax%2Fy@127.0.0.1:\(port)/postgres" }

    /// Makes a new, empty server and starts it.
    public static func start() async throws -> PostgresServer {
        let directory = FileManager.default.temporaryDirectory.appending(path: "goldcrest-postgres-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let server = PostgresServer(directory: directory, port: try freePort())
        try password.write(toFile: "\(directory)/password", atomically: false, encoding: .utf8)
        let initialise = """
            \(asOrdinaryUser) "$(\(binaries))/initdb" -D "$0/data" -U goldcrest -A scram-sha-256 --pwfile="$0/password" -E UTF8 --locale=C --no-sync
            """
        let give = geteuid() == 0 ? "chown -R postgres: \"$0\" && " : ""
        let status = try await finish("\(give)\(initialise) > \"$0/initdb.log\" 2>&1", directory)
        guard status == 0 else {
            throw Failure(description: "initdb failed: \((try? String(contentsOfFile: "\(directory)/initdb.log", encoding: .utf8)) ?? "")")
        }
        try await server.resume()
        return server
    }

    /// Starts the server again after ``pause()``.
    public func resume() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            exec 3<&0
            { read answer <&3; echo "$answer" > "$0/answer"; kill -INT "$(head -n 1 "$0/data/postmaster.pid")"; } &
            \(Self.asOrdinaryUser) "$(\(Self.binaries))/postgres" -D "$0/data" -p "$1" -c listen_addresses=127.0.0.1 \
                -c unix_socket_directories="$0" -c fsync=off -c max_connections=200 > "$0/server.log" 2>&1 < /dev/null
            [ "$(cat "$0/answer")" = keep ] || rm -rf "$0"
            """, directory, "\(port)",
        ]
        let input = Pipe()
        process.standardInput = input
        try process.run()
        keeper = (process, input.fileHandleForWriting)
        try await waitUntilReady()
    }

    /// Stops the server and keeps its data.
    public func pause() async throws {
        guard let (process, input) = keeper else { return }
        keeper = nil
        let (ended, isEnded) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in isEnded.finish() }
        try input.write(contentsOf: Data("keep\n".utf8))
        try input.close()
        if !process.isRunning { isEnded.finish() }
        for await _ in ended {}
    }

    private func waitUntilReady() async throws {
        let pool = PostgresPool(url: url, maximumConnections: 1, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let limit = ContinuousClock.now + .seconds(30)
        while true {
            do {
                _ = try await pool.query("SELECT 1")
                await pool.close()
                return
            } catch where ContinuousClock.now < limit {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    // MARK: - The system

    /// PostgreSQL refuses to run as root.
    private static var asOrdinaryUser: String {
        geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups" : "env"
    }

    /// Prints the folder with the newest server's programs, where Debian puts them, else where `initdb` is found.
    private static let binaries = """
        ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 | grep . || dirname "$(command -v initdb)"
        """

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard status == 0 else { throw Failure(description: "There is no free port.") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func finish(_ script: String, _ argument: String) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, argument]
        process.standardInput = FileHandle.nullDevice
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
