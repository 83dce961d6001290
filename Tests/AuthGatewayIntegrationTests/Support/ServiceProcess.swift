import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import HTTPTypes
import Logging
import StackTesting

/// A further copy of one of the stack's services: the same executable and configuration, another port.
actor ServiceProcess {
    nonisolated let url: String
    nonisolated let identifier: Int32
    private let process: Process

    /// Runs the service for as long as `body` does.
    ///
    /// - Parameters:
    ///   - configuration: Changes the text of each file of the stack's configuration.
    ///   - environment: Replaces variables.
    static func with<Result: Sendable>(
        _ service: ServiceName, configuration change: (String) -> String = { $0 }, environment: [String: String] = [:],
        _ body: (ServiceProcess) async throws -> Result
    ) async throws -> Result {
        let stack = try Stack()
        let port = try FreePort.find()
        let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = folder.appending(path: "configuration.yaml")
        let original = URL(filePath: try stack["YAML_CONFIG_FILE"])
        try change(String(contentsOf: original, encoding: .utf8)).write(to: configuration, atomically: false, encoding: .utf8)
        // It names the folder of clusters by a relative path.
        let clusters = folder.appending(path: "clusters")
        try FileManager.default.createDirectory(at: clusters, withIntermediateDirectories: false)
        for file in try FileManager.default.contentsOfDirectory(
            at: original.deletingLastPathComponent().appending(path: "clusters"), includingPropertiesForKeys: nil)
        where file.pathExtension == "yaml" {
            try change(String(contentsOf: file, encoding: .utf8))
                .write(to: clusters.appending(path: file.lastPathComponent), atomically: false, encoding: .utf8)
        }

        let process = Process()
        process.executableURL = URL(filePath: try executable(of: service, stack))
        process.arguments = ["serve"]
        process.environment = [
            "YAML_CONFIG_FILE": configuration.path, "GOLDCREST_LISTEN": "127.0.0.1:\(port)", "GOLDCREST_KEYS": try stack["GOLDCREST_KEYS"],
            "GOLDCREST_COMPUTE_URL": try stack["COMPUTE_URL"], "GOLDCREST_FILESYSTEM_URL": try stack["FILESYSTEM_URL"],
            "GOLDCREST_TRANSFER_URL": try stack["TRANSFER_URL"], "DATABASE_URL": try stack["DATABASE_URL"], "LOG_LEVEL": "warning",
        ].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let running = ServiceProcess(process, url: "http://127.0.0.1:\(port)")
        let result: Swift.Result<Result, any Error>
        do {
            try await running.waitUntilListening()
            result = .success(try await body(running))
        } catch {
            result = .failure(error)
        }
        await running.end()
        return try result.get()
    }

    private init(_ process: Process, url: String) {
        self.process = process
        self.url = url
        identifier = process.processIdentifier
    }

    /// What the stack itself runs.
    private static func executable(of service: ServiceName, _ stack: Stack) throws -> String {
        let line = try String(contentsOfFile: "\(try stack["PIDS"])/\(service.rawValue)", encoding: .utf8)
        guard let identifier = line.split(whereSeparator: \.isWhitespace).first else {
            throw Unexpected(description: "the stack runs no \(service.rawValue)")
        }
        return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(identifier)/exe")
    }

    private func waitUntilListening() async throws {
        try await eventually("\(url) listens") {
            guard isRunning else { throw Unexpected(description: "the service ended with \(process.terminationStatus)") }
            return (try? RawConnection(to: url)) != nil
        }
    }

    var isRunning: Bool { process.isRunning }

    func terminate() { process.terminate() }

    /// The status with which it ended by itself; nil when a signal ended it.
    func exitStatus(within limit: Duration = .seconds(40)) async throws -> Int32? {
        try await eventually(within: limit, "the service ends") { !isRunning }
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    private func end() async {
        guard isRunning else { return }
        process.terminate()
        try? await eventually(within: .seconds(25), "the service ends") { !isRunning }
        if isRunning { kill(identifier, SIGKILL) }
    }
}
