/// Why a model is refused.
public struct ModelProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the model says it; for one written as JSON absent.
    public struct Position: Sendable, Hashable {
        /// From 1.
        public var line: Int
        /// In characters, from 1.
        public var column: Int

        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// What OpenFGA's API tells apart by its error codes.
    public enum Kind: Sendable, Hashable {
        /// The text is no model, or a name or number in it is none that OpenFGA's messages take: its `validation_error`.
        case malformed
        /// The model contradicts itself: its `invalid_authorization_model`.
        case invalid
        /// There is more of something than OpenFGA takes: its `exceeded_entity_limit`.
        case exceedsLimit
    }

    /// What is wrong and, where that is not plain, what would be right. It is cut where names make it longer than people read.
    public let reason: String
    public var kind: Kind
    public var position: Position?

    public init(_ reason: String, kind: Kind = .invalid, at position: Position? = nil) {
        self.reason = reason.utf8.count > 1000 ? "\(String(reason.unicodeScalars.prefix(900)))…" : reason
        self.kind = kind
        self.position = position
    }

    public var description: String {
        guard let position else { return reason }
        return "line \(position.line), column \(position.column): \(reason)"
    }
}

/// Everything that is wrong with a model.
public struct InvalidModel: Error, Sendable, CustomStringConvertible {
    /// At least one.
    public let problems: [ModelProblem]

    public init(problems: [ModelProblem]) {
        self.problems = problems
    }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
