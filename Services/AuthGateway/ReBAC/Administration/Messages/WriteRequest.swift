import ReBAC

/// `POST /stores/{store}/write`
struct WriteRequest: Sendable {
    static let maximumTuples = 100

    let write: TupleWrite
    /// `nil`: the store's newest model.
    let modelID: String?

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("WriteRequest", body)
        let id = try fields.text("authorization_model_id", .identifier, isOptional: true)
        modelID = id.isEmpty ? nil : id
        var write = TupleWrite()
        if let part = try fields.fields("writes", of: "WriteRequestWrites") {
            for tuple in try Self.tuples(part, of: "TupleKey") { write.writes.append(try RelationshipTuple(tuple, failingWith: .validationError)) }
            write.onDuplicate = try Self.onConflict(part, "on_duplicate")
        }
        if let part = try fields.fields("deletes", of: "WriteRequestDeletes") {
            for tuple in try Self.tuples(part, of: "TupleKeyWithoutCondition") {
                write.deletes.append(try TupleTexts(ofTuple: tuple).key(failingWith: .validationError))
            }
            write.onMissing = try Self.onConflict(part, "on_missing")
        }
        try Self.checkCount(write)
        self.write = write
    }

    private static func tuples(_ part: MessageFields, of message: String) throws(OpenFGAError) -> [MessageFields] {
        let list = try part.list("tuple_keys", of: message)
        guard !list.isEmpty else { throw part.invalid("tuple_keys", "value must contain at least 1 item(s)") }
        return list
    }

    private static func onConflict(_ part: MessageFields, _ name: String) throws(OpenFGAError) -> TupleWrite.OnConflict {
        switch try part.text(name) {
        case "", "error": return .fail
        case "ignore": return .ignore
        default: throw part.invalid(name, "value must be in list [ error ignore]")
        }
    }

    private static func checkCount(_ write: TupleWrite) throws(OpenFGAError) {
        let keys = write.deletes + write.writes.map(\.key)
        guard !keys.isEmpty else {
            throw OpenFGAError(.invalidWriteInput, "Invalid input. Make sure you provide at least one write, or at least one delete")
        }
        var seen: Set<TupleKey> = []
        for key in keys where !seen.insert(key).inserted { throw .duplicate(key) }
        guard keys.count <= maximumTuples else { throw .exceeded("write operations", limit: maximumTuples) }
    }
}
