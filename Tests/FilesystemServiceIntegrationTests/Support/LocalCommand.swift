import Foundation
import StackTesting

/// A program on this machine, which is also the stack's login node.
struct LocalCommand: Sendable {
    let words: [String]

    init(words: [String]) {
        self.words = words
    }

    init(_ words: String...) {
        self.init(words: words)
    }

    /// Runs a script by bash, with further words as its arguments.
    init(script: String, _ arguments: String...) {
        self.init(words: ["/bin/bash", "-c", script, "bash"] + arguments)
    }

    /// Runs the program to its end.
    ///
    /// - Parameter user: Who shall run it. Only root can be somebody else; otherwise the stack has but one user.
    /// - Returns: What it printed.
    /// - Throws: ``Unexpected`` when it fails.
    @discardableResult
    func run(as user: String? = nil) async throws -> [UInt8] {
        let prefix = (geteuid() == 0 ? user : nil).map { ["/sbin/runuser", "-u", $0, "--"] } ?? []
        let words = prefix + self.words
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Self.run(words) })
            }
        }
    }

    private static func run(_ words: [String]) throws -> [UInt8] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: words.first ?? "")
        process.arguments = Array(words.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw Unexpected(description: "\(words.prefix(8)) ended with \(process.terminationStatus)")
        }
        return Array(printed)
    }
}
