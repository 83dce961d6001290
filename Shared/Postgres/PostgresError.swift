/// What went wrong between a service and its database.
///
/// Neither the message nor the hint ever holds the password or the value of a parameter.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// The kinds of errors; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: Hashable {
            case connectionFailed, timedOut, cancelled, decoding, poolClosed, invalidParameter, misuse, migration
            case server(SQLState)
        }

        private let kind: Kind

        /// The server cannot be reached, or went away while it was working.
        public static let connectionFailed = Code(kind: .connectionFailed)
        /// The deadline passed. A statement that writes may have taken effect all the same.
        public static let timedOut = Code(kind: .timedOut)
        /// The task was cancelled. A statement that writes may have taken effect all the same.
        public static let cancelled = Code(kind: .cancelled)
        /// A column was not what its reader expected.
        public static let decoding = Code(kind: .decoding)
        /// The pool has been shut down.
        public static let poolClosed = Code(kind: .poolClosed)
        /// A value that PostgreSQL cannot hold.
        public static let invalidParameter = Code(kind: .invalidParameter)
        /// A mistake of the program: two statements at once in one transaction, a transaction used after its end, a `COPY`.
        public static let misuse = Code(kind: .misuse)
        /// The database's migrations are not those that the program knows.
        public static let migration = Code(kind: .migration)
        /// The server refused the statement.
        public static func server(_ state: SQLState) -> Code { Code(kind: .server(state)) }

        /// The server's code, if the server refused the statement.
        public var sqlState: SQLState? {
            if case .server(let state) = kind { state } else { nil }
        }

        public var description: String {
            switch kind {
            case .connectionFailed: "connectionFailed"
            case .timedOut: "timedOut"
            case .cancelled: "cancelled"
            case .decoding: "decoding"
            case .poolClosed: "poolClosed"
            case .invalidParameter: "invalidParameter"
            case .misuse: "misuse"
            case .migration: "migration"
            case .server(let state): "server(\(state.rawValue))"
            }
        }
    }

    public let code: Code
    /// What happened; for errors of the server its primary message.
    public let message: String
    /// What would help.
    public let hint: String?
    /// The constraint that a statement violated.
    public let constraint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil, constraint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.constraint = constraint
    }

    /// The server's code, if the server refused the statement.
    public var sqlState: SQLState? { code.sqlState }

    public var description: String {
        hint.map { "\(code): \(message) \($0)" } ?? "\(code): \(message)"
    }
}

/// A code of the server's table of errors: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
public struct SQLState: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let uniqueViolation = SQLState(rawValue: "23505")
    public static let checkViolation = SQLState(rawValue: "23514")
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    public static let notNullViolation = SQLState(rawValue: "23502")
    public static let serializationFailure = SQLState(rawValue: "40001")
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    public static let inFailedTransaction = SQLState(rawValue: "25P02")
    public static let undefinedTable = SQLState(rawValue: "42P01")
    public static let queryCanceled = SQLState(rawValue: "57014")

    /// The first two characters: connection exceptions are `08`, data exceptions `22`.
    var errorClass: Substring { rawValue.prefix(2) }

    /// The server ends the connection, or is not ready for one: its shutdown, its crash, its start.
    var endsConnection: Bool {
        errorClass == "08" || ["57P01", "57P02", "57P03", "57P05"].contains(rawValue)
    }
}
