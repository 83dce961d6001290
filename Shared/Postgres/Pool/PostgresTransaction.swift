/// An open transaction; valid only inside the closure of ``PostgresPool/withTransaction(deadline:isolation:_:)``, one statement at a time.
public struct PostgresTransaction: Sendable {
    let connection: PostgresConnection
    let number: Int

    /// Runs a statement and returns its rows.
    ///
    /// - Throws: ``PostgresError``. After an error of the server the transaction can only be rolled back: let the error leave the closure.
    public func query(_ sql: SQL, deadline: Duration = .seconds(5)) async throws -> [PostgresRow] {
        try await run(.init(sql), deadline: deadline).rows
    }

    /// Runs a statement and returns how many rows it affected.
    ///
    /// - Throws: As ``query(_:deadline:)``.
    @discardableResult
    public func execute(_ sql: SQL, deadline: Duration = .seconds(5)) async throws -> Int {
        try await run(.init(sql), deadline: deadline).affectedRows
    }

    func run(_ command: PostgresConnection.Command, deadline: Duration) async throws -> PostgresResult {
        try await connection.run(command, inTransaction: number, until: .now + deadline)
    }
}
