import Foundation
import StackTesting

/// A program that runs on this machine beside the test.
public final class ToolProcess: Sendable {
    private let process = Process()
    private let log: URL

    /// - Parameters:
    ///   - path: The program's file.
    ///   - environment: What its environment has besides the test's.
    public init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        log = FileManager.default.temporaryDirectory.appending(path: "goldcrest-tool-\(UUID().uuidString).log")
        try Data().write(to: log)
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: log)
        // One offset for both, so that neither writes over the other.
        process.standardError = process.standardOutput
        try process.run()
    }

    public var isRunning: Bool { process.isRunning }

    public var output: String { String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self) }

    /// Ends it at once, as a lost machine does.
    public func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Waits for its end.
    ///
    /// - Throws: ``Unexpected`` if it does not come; the program is killed then.
    public func end(within limit: Duration = .seconds(120)) async throws -> (status: Int32, output: String) {
        defer { try? FileManager.default.removeItem(at: log) }
        do {
            try await eventually(within: limit, "\(process.executableURL?.lastPathComponent ?? "") ends") { !process.isRunning }
        } catch {
            kill()
            throw Unexpected(description: "\(error): \(output)")
        }
        return (process.terminationStatus, output)
    }
}
