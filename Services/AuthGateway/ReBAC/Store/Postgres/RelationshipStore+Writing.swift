import GoldcrestPostgres
import ReBAC

extension RelationshipStore {
    /// Deletes and writes tuples, all of them or nothing. Whether they fit the model has been checked before.
    ///
    /// - Parameter newestModelID: What the tuples were checked against; refused if that is not the newest model any more. Absent: a given model.
    /// - Returns: The store's position behind the write.
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/repeatedTuple(_:)``,
    ///   ``RelationshipStoreError/tupleExists(_:)``, ``RelationshipStoreError/tupleMissing(_:)``, ``RelationshipStoreError/conditionDiffers(_:)``,
    ///   ``RelationshipStoreError/newestModelChanged(to:)``, ``RelationshipStoreError/unavailable(reason:)``.
    @discardableResult
    func write(
        _ write: TupleWrite, to storeID: String, checkedAgainst newestModelID: String? = nil
    ) async throws(RelationshipStoreError) -> Int64 {
        try write.refuseRepetitions()
        return try await asking {
            try await pool.withTransaction { transaction in
                let head = try await Self.lock(storeID, in: transaction)
                if let newestModelID, let newest = head.newestModelID, newest != newestModelID {
                    throw RelationshipStoreError.newestModelChanged(to: newest)
                }
                return try await Self.write(write, to: head, in: transaction)
            }
        }
    }

    /// - Parameter head: Of the store, whose row is locked.
    static func write(_ write: TupleWrite, to head: StoreHead, in transaction: PostgresTransaction) async throws -> Int64 {
        var columns = TupleColumns()
        for key in write.deletes { columns.append(key) }
        for tuple in write.writes { columns.append(tuple.key, tuple.condition) }
        let present = try await conditions(ofPresent: columns, in: head, transaction)
        let changes = try write.changes(where: present)
        guard !changes.operations.isEmpty else { return head.position }
        return try await apply(changes, to: head, in: transaction)
    }

    /// Which of the tuples are there, by their indices in the columns, and under which conditions.
    private static func conditions(
        ofPresent columns: TupleColumns, in head: StoreHead, _ transaction: PostgresTransaction
    ) async throws -> [Int: TupleCondition?] {
        // PostgreSQL compares bytes; Swift would take differently composed texts for equal.
        let rows = try await transaction.query(
            """
            SELECT asked.number - 1 AS index, condition_name, condition_context
            FROM unnest(\(columns.types)::text[], \(columns.ids)::text[], \(columns.relations)::text[], \(columns.users)::text[])
                WITH ORDINALITY AS asked (object_type, object_id, relation, "user", number)
            JOIN rebac_tuples USING (object_type, object_id, relation, "user")
            WHERE store = \(head.number)
            """)
        return try rows.reduce(into: [:]) { $0[try $1.decode("index", as: Int.self)] = .some(try TupleRows.condition($1)) }
    }

    /// Makes the changes, which all have an effect, and writes them into the log.
    private static func apply(_ changes: LoggedChanges, to head: StoreHead, in transaction: PostgresTransaction) async throws -> Int64 {
        let columns = changes.columns
        let rows = try await transaction.query(
            """
            WITH change AS (
                SELECT operation, object_type, object_id, relation, "user", nullif(condition_name, '') AS condition_name,
                    nullif(condition_context, '')::json AS condition_context, \(head.position)::bigint + number AS position
                FROM unnest(
                    \(changes.operations.map(\.rawValue))::text[], \(columns.types)::text[], \(columns.ids)::text[],
                    \(columns.relations)::text[], \(columns.users)::text[], \(columns.conditionNames)::text[],
                    \(columns.conditionContexts)::text[]
                ) WITH ORDINALITY AS given (operation, object_type, object_id, relation, "user", condition_name, condition_context, number)
            ), deleted AS (
                DELETE FROM rebac_tuples USING change
                WHERE store = \(head.number) AND operation = 'TUPLE_OPERATION_DELETE'
                    AND (rebac_tuples.object_type, rebac_tuples.object_id, rebac_tuples.relation, rebac_tuples."user")
                        = (change.object_type, change.object_id, change.relation, change."user")
            ), written AS (
                INSERT INTO rebac_tuples (store, \(fragment: TupleRows.columns), position, written_at)
                SELECT \(head.number), \(fragment: TupleRows.columns), position, statement_timestamp()
                FROM change WHERE operation = 'TUPLE_OPERATION_WRITE'
            ), logged AS (
                INSERT INTO rebac_changes (store, operation, \(fragment: TupleRows.columns), position, made_at)
                SELECT \(head.number), operation, \(fragment: TupleRows.columns), position, statement_timestamp() FROM change
            ), counted AS (
                UPDATE rebac_stores SET position = position + \(changes.operations.count) WHERE number = \(head.number) RETURNING id, position
            )
            SELECT position, pg_notify(\(channel), id) FROM counted
            """, deadline: .seconds(20))
        guard let row = rows.first else { throw RelationshipStoreError.storeNotFound(id: head.id) }
        return try row.decode("position")
    }
}

/// Changes in the order in which the log is to have them.
private struct LoggedChanges {
    var operations: [TupleChange.Operation] = []
    var columns = TupleColumns()

    mutating func append(_ operation: TupleChange.Operation, _ key: TupleKey, _ condition: TupleCondition? = nil) {
        operations.append(operation)
        columns.append(key, condition)
    }
}

extension TupleWrite {
    /// - Throws: ``RelationshipStoreError/repeatedTuple(_:)``.
    func refuseRepetitions() throws(RelationshipStoreError) {
        // By its bytes, as the database tells tuples apart.
        var seen = Set<[UInt8]>()
        for key in deletes + writes.map(\.key) where !seen.insert(Array(key.description.utf8)).inserted { throw .repeatedTuple(key) }
    }

    /// What has to be done, given what is there. Deletes come first, as in OpenFGA.
    ///
    /// - Parameter present: By their indices in ``deletes`` followed by ``writes``.
    fileprivate func changes(where present: [Int: TupleCondition?]) throws(RelationshipStoreError) -> LoggedChanges {
        var changes = LoggedChanges()
        for (index, key) in deletes.enumerated() {
            if present[index] != nil {
                changes.append(.delete, key)
            } else if onMissing == .fail {
                throw .tupleMissing(key)
            }
        }
        for (index, tuple) in writes.enumerated() {
            guard let condition = present[deletes.count + index] else {
                changes.append(.write, tuple.key, tuple.condition)
                continue
            }
            if onDuplicate == .fail { throw .tupleExists(tuple.key) }
            if condition != tuple.condition { throw .conditionDiffers(tuple.key) }
        }
        return changes
    }
}
