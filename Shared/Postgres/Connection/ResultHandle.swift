import CLibPQ

/// A `PGresult` and its only owner. Everything read from it is copied.
final class ResultHandle {
    private let pointer: OpaquePointer

    init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    enum Outcome {
        case rows(PostgresResult)
        case failure(PostgresError)
        /// A `COPY`, which this module does not speak; the connection cannot go on.
        case unsupported
    }

    var outcome: Outcome {
        switch PQresultStatus(pointer) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE: .rows(result)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: .unsupported
        default: .failure(error)
        }
    }

    private var result: PostgresResult {
        let columns = (0..<PQnfields(pointer)).map { index in
            PostgresColumn(name: PQfname(pointer, index).map { String(cString: $0) } ?? "", typeID: PQftype(pointer, index))
        }
        let rows = (0..<PQntuples(pointer)).map { row in
            PostgresRow(columns: columns, values: columns.indices.map { value(row: row, column: Int32($0)) })
        }
        let affected = PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0
        return PostgresResult(rows: rows, affectedRows: affected, commandTag: PQcmdStatus(pointer).map { String(cString: $0) } ?? "")
    }

    private func value(row: Int32, column: Int32) -> String? {
        guard PQgetisnull(pointer, row, column) == 0, let characters = PQgetvalue(pointer, row, column) else { return nil }
        let bytes = UnsafeRawBufferPointer(start: characters, count: Int(PQgetlength(pointer, row, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    private var error: PostgresError {
        guard let code = field(goldcrest_pg_diag_sqlstate), let primary = field(goldcrest_pg_diag_message_primary) else {
            // Made by libpq itself: the connection broke.
            let text = PQresultErrorMessage(pointer).map { String(cString: $0) } ?? ""
            return .connectionLost(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        }
        let state = SQLState(rawValue: code)
        if state.endsConnection { return .connectionLost(primary) }
        return PostgresError(
            .server(state), state.errorClass == "22" ? Self.withoutQuotedValue(primary) : primary,
            hint: field(goldcrest_pg_diag_message_hint), constraint: field(goldcrest_pg_diag_constraint_name))
    }

    private func field(_ code: Int32) -> String? {
        PQresultErrorField(pointer, code).map { String(cString: $0) }
    }

    /// The messages of data exceptions quote the value that was refused, which may be a secret.
    private static func withoutQuotedValue(_ message: String) -> String {
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first < last else { return message }
        return message[..<first] + "\"…\"" + message[message.index(after: last)...]
    }
}

extension PostgresError {
    static func connectionLost(_ reason: String) -> PostgresError {
        PostgresError(
            .connectionFailed, "The connection to the database was lost: \(reason)",
            hint: "It is opened again by itself; a statement that was running may have taken effect.")
    }
}
