/// A statement of SQL and the parameters that go with it.
///
/// Write it as a string literal; every interpolated value becomes a parameter (`$1`, `$2`, …), never text of the statement:
///
///     let sql: SQL = "SELECT name FROM tasks WHERE id = \(id) AND state = ANY(\(states))"
///
/// Text comes into a statement only as a literal of the source (its pieces are `StaticString`s), so nothing that is known only at run time
/// can change what the statement means. The server infers each parameter's type from where it stands; add a cast (`\(json)::jsonb`) where it cannot.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Piece: Sendable {
        case text(String)
        case parameter(String?)
    }

    var pieces: [Piece]

    public init(stringLiteral value: StaticString) {
        pieces = [.text(value.description)]
    }

    public init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    /// For text that cannot be a parameter and that this module has quoted itself, such as the name of a channel.
    init(trusted text: String) {
        pieces = [.text(text)]
    }

    /// Puts a fragment with its own parameters behind this statement.
    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.pieces += right.pieces
        return sum
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            pieces.append(.text(literal.description))
        }

        /// Adds a parameter.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            pieces.append(.parameter(value.postgresText))
        }

        /// Adds a parameter that is `NULL` when the value is `nil`.
        public mutating func appendInterpolation(_ value: (some PostgresEncodable)?) {
            pieces.append(.parameter(value?.postgresText))
        }

        /// Adds a fragment with its parameters.
        public mutating func appendInterpolation(fragment: SQL) {
            pieces += fragment.pieces
        }
    }

    /// The text with its parameters numbered, and their values in that order.
    ///
    /// - Throws: ``PostgresError`` with code `invalidParameter` when a value holds the character NUL, which PostgreSQL cannot store and
    ///   at which C would cut the text.
    func rendered() throws -> (text: String, parameters: [String?]) {
        var text = ""
        var parameters: [String?] = []
        for piece in pieces {
            switch piece {
            case .text(let literal):
                text += literal
            case .parameter(let value):
                if let value, value.utf8.contains(0) {
                    throw PostgresError(
                        .invalidParameter, "Parameter \(parameters.count + 1) of a statement holds the character NUL.",
                        hint: "PostgreSQL cannot store it in text; refuse it where the value comes in.")
                }
                parameters.append(value)
                text += "$\(parameters.count)"
            }
        }
        return (text, parameters)
    }
}
