import FoundationEssentials

/// The running stack that the tests use: real sshd, real Slurm, real users.
public struct Stack: Sendable {
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    private let values: [String: String]

    /// Reads the file that `GOLDCREST_STACK` names.
    public init() throws {
        guard let path = ProcessInfo.processInfo.environment["GOLDCREST_STACK"] else {
            throw Missing(description: "GOLDCREST_STACK is not set: start these tests with Tests/run, which starts the stack that they need")
        }
        try self.init(path: path)
    }

    init(path: String) throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        values = text.split(separator: "\n").reduce(into: [:]) { values, line in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !line.hasPrefix("#") else { return }
            // Values are in single quotes, as a shell reads them.
            values[String(parts[0])] = parts[1].split(separator: "'\\''", omittingEmptySubsequences: false)
                .map { $0.filter { $0 != "'" } }.joined(separator: "'")
        }
    }

    /// The value of a variable of `stack.env`.
    public subscript(_ key: String) -> String {
        get throws {
            guard let value = values[key] else { throw Missing(description: "The stack's environment has no \(key)") }
            return value
        }
    }
}
