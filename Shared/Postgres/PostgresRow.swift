/// One row of a result.
public struct PostgresRow: Sendable {
    /// Shared by all rows of a result.
    let columns: [PostgresColumn]
    let values: [String?]

    /// The names of the columns, in the statement's order.
    public var columnNames: [String] { columns.map(\.name) }

    /// Reads a column.
    ///
    /// - Throws: ``PostgresError`` with code `decoding` when there is no such column, it holds `NULL` and the type is not an optional one,
    ///   or its text is not a value of the type. The error tells the column and the kind of its content, never the content.
    public func decode<T: PostgresDecodable>(_ column: String, as type: T.Type = T.self) throws -> T {
        guard let index = columns.firstIndex(where: { $0.name == column }), index < values.count else {
            let known = columns.map(\.name).joined(separator: ", ")
            throw PostgresError(.decoding, "The result has no column \(column), only: \(known).", hint: "Compare the statement with its reader.")
        }
        guard let text = values[index] else {
            guard let null = T.postgresNull else { throw mismatch(columns[index], expected: "\(T.self)", found: "NULL") }
            return null
        }
        guard let value = T(postgresText: text) else {
            throw mismatch(columns[index], expected: "\(T.self)", found: "\(columns[index].typeName) of \(text.utf8.count) bytes")
        }
        return value
    }

    private func mismatch(_ column: PostgresColumn, expected: String, found: String) -> PostgresError {
        PostgresError(
            .decoding, "Column \(column.name): expected \(expected), found \(found).", hint: "Compare the table's definition with its reader.")
    }
}

/// A column of a result.
struct PostgresColumn: Sendable {
    let name: String
    /// The type's object identifier, as in the server's `pg_type`.
    let typeID: UInt32

    /// The names of the built-in types, whose identifiers never change (`pg_type.dat` of PostgreSQL).
    var typeName: String {
        switch typeID {
        case 16: "bool"
        case 17: "bytea"
        case 20: "int8"
        case 21: "int2"
        case 23: "int4"
        case 25: "text"
        case 114: "json"
        case 700: "float4"
        case 701: "float8"
        case 1009: "text[]"
        case 1043: "varchar"
        case 1082: "date"
        case 1114: "timestamp"
        case 1184: "timestamptz"
        case 1700: "numeric"
        case 2950: "uuid"
        case 3802: "jsonb"
        default: "type \(typeID)"
        }
    }
}

/// What a statement gave back.
struct PostgresResult: Sendable {
    var rows: [PostgresRow] = []
    /// Rows that an `INSERT`, `UPDATE`, `DELETE` or `SELECT` affected or returned, else 0.
    var affectedRows = 0
    /// The name of the command that ran, such as `COMMIT`, which the server answers with `ROLLBACK` in a failed transaction.
    var commandTag = ""
}
