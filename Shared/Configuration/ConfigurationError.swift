/// Everything that is wrong with a configuration.
public struct ConfigurationError: Error, Sendable, Equatable {
    /// One wrong value.
    public struct Problem: Sendable, Equatable {
        /// Where it is, as the user wrote it: `clusters[0].ssh.port`, a file's name, the name of an environment variable.
        public var path: String
        /// What is there; a secret is never shown.
        public var found: String
        /// What should be there.
        public var expected: String
        /// In which line of its file, starting from 1, if it is known.
        public var line: Int?

        public init(path: String, found: String, expected: String, line: Int? = nil) {
            self.path = path
            self.found = found
            self.expected = expected
            self.line = line
        }
    }

    /// Never empty.
    public var problems: [Problem]

    public init(problems: [Problem]) {
        self.problems = problems
    }
}

extension ConfigurationError.Problem: CustomStringConvertible {
    public var description: String {
        let place = line.map { "\(path) (line \($0))" } ?? path
        return "\(place): found \(found), expected \(expected)"
    }
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        let lines = problems.map { "  \($0)" }.joined(separator: "\n")
        return "The configuration has \(problems.count) problem\(problems.count == 1 ? "" : "s"):\n\(lines)"
    }
}
