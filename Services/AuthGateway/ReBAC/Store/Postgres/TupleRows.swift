import GoldcrestPostgres
import ReBAC

/// Tuples as the tables have them.
enum TupleRows {
    static let columns: SQL = #"object_type, object_id, relation, "user", condition_name, condition_context"#

    static func tuple(_ row: PostgresRow) throws -> RelationshipTuple {
        let user = try row.decode("user", as: String.self)
        let object = ObjectReference(type: try row.decode("object_type"), id: try row.decode("object_id"))
        let key = TupleKey(object: object, relation: try row.decode("relation"), user: try userReference(user))
        return RelationshipTuple(key: key, condition: try condition(row))
    }

    static func condition(_ row: PostgresRow) throws -> TupleCondition? {
        guard let name = try row.decode("condition_name", as: String?.self) else { return nil }
        guard let text = try row.decode("condition_context", as: String?.self) else { return TupleCondition(name: name) }
        do {
            return TupleCondition(name: name, context: try ConditionContext(json: text.utf8))
        } catch {
            throw PostgresError(.decoding, "Column condition_context: \(error).", hint: "Mend the tuple, or delete it.")
        }
    }

    private static func userReference(_ text: String) throws -> UserReference {
        do {
            return try UserReference(parsing: text)
        } catch {
            throw PostgresError(.decoding, "Column user: \(error).", hint: "Mend the tuple, or delete it.")
        }
    }
}

/// The members of many tuples, one array for each: parameters for `unnest`.
struct TupleColumns {
    private(set) var types: [String] = []
    private(set) var ids: [String] = []
    private(set) var relations: [String] = []
    private(set) var users: [String] = []
    /// Empty for none, as arrays of texts here have no NULL.
    private(set) var conditionNames: [String] = []
    private(set) var conditionContexts: [String] = []

    mutating func append(_ key: TupleKey, _ condition: TupleCondition? = nil) {
        types.append(key.object.type)
        ids.append(key.object.id)
        relations.append(key.relation)
        users.append(key.user.description)
        conditionNames.append(condition?.name ?? "")
        let context = condition?.context ?? [:]
        conditionContexts.append(context.isEmpty ? "" : String(decoding: context.json(), as: UTF8.self))
    }
}
