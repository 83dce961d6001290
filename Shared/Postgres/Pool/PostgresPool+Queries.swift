extension PostgresPool {
    /// Runs a statement and returns its rows.
    ///
    /// - Parameter deadline: For everything: waiting for a connection, the statement, its answer. When it passes or the task is cancelled, the server
    ///   is asked to stop the statement.
    /// - Throws: ``PostgresError``.
    public func query(_ sql: SQL, deadline: Duration = .seconds(5)) async throws -> [PostgresRow] {
        try await result(of: sql, deadline: deadline).rows
    }

    /// Runs a statement and returns how many rows it affected.
    ///
    /// - Throws: ``PostgresError``.
    @discardableResult
    public func execute(_ sql: SQL, deadline: Duration = .seconds(5)) async throws -> Int {
        try await result(of: sql, deadline: deadline).affectedRows
    }

    private func result(of sql: SQL, deadline: Duration) async throws -> PostgresResult {
        let command = try PostgresConnection.Command(sql)
        let limit = ContinuousClock.now + deadline
        let (connection, result) = try await leaseRunning(until: limit) { connection in
            try await connection.run(command, until: limit)
        }
        giveBack(connection)
        return result
    }

    /// Runs statements in one transaction: committed when the closure returns, rolled back when it throws.
    ///
    /// Nothing is retried: on `serializationFailure` or `deadlockDetected` the caller may run the whole transaction again.
    ///
    /// - Parameter deadline: For getting a connection and beginning.
    /// - Throws: What the closure throws, or ``PostgresError``. When the connection is lost during the `COMMIT`, the transaction may have taken effect.
    public func withTransaction<Result: Sendable>(
        deadline: Duration = .seconds(5), isolation: isolated (any Actor)? = #isolation,
        _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        let limit = ContinuousClock.now + deadline
        let (connection, number) = try await leaseRunning(until: limit) { connection in
            try await connection.begin(until: limit)
        }
        defer { giveBack(connection) }
        let result: Result
        do {
            result = try await body(PostgresTransaction(connection: connection, number: number))
        } catch {
            // If even this fails, the connection is given up and the server rolls back by itself; the body's error is the one that tells.
            try? await connection.end(number, committing: false)
            throw error
        }
        try await connection.end(number, committing: true)
        return result
    }
}
