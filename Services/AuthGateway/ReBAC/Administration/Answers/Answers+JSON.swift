import GoldcrestProtocol
import ReBAC

/// How OpenFGA's API shows what a store has. As there, what a message does not have is shown as `null` or an empty text.
extension Store {
    var json: ReBAC.JSONValue {
        [
            "id": .string(id), "name": .string(name), "created_at": .string(UTCTimestamp.text(of: createdAt)),
            "updated_at": .string(UTCTimestamp.text(of: updatedAt)), "deleted_at": .null,
        ]
    }
}

extension StoredModel {
    var json: ReBAC.JSONValue {
        guard case .object(let members) = model.jsonValue else { return ["id": .string(id)] }
        return .object([.init(name: "id", value: .string(id))] + members)
    }
}

extension StoredTuple {
    var json: ReBAC.JSONValue { ["key": tuple.json, "timestamp": .string(UTCTimestamp.text(of: writtenAt))] }
}

extension TupleChange {
    var json: ReBAC.JSONValue {
        ["tuple_key": tuple.json, "operation": .string(operation.rawValue), "timestamp": .string(UTCTimestamp.text(of: madeAt))]
    }
}

extension RelationshipTuple {
    var json: ReBAC.JSONValue {
        [
            "user": .string(key.user.description), "relation": .string(key.relation), "object": .string(key.object.description),
            "condition": condition.map { ["name": .string($0.name), "context": ContextValue.map($0.context).jsonValue] } ?? .null,
        ]
    }
}

extension Assertion {
    var json: ReBAC.JSONValue {
        [
            "tuple_key": ["object": .string(key.object.description), "relation": .string(key.relation), "user": .string(key.user.description)],
            "expectation": .bool(expectation),
            "contextual_tuples": .array(contextualTuples.map(\.json)),
            "context": context.isEmpty ? .null : ContextValue.map(context).jsonValue,
        ]
    }
}

extension UserReference {
    /// OpenFGA's `User`, which says what kind of user it is.
    var json: ReBAC.JSONValue {
        switch self {
        case .object(let object): ["object": ["type": .string(object.type), "id": .string(object.id)]]
        case .userset(let object, let relation):
            ["userset": ["type": .string(object.type), "id": .string(object.id), "relation": .string(relation)]]
        case .wildcard(let type): ["wildcard": ["type": .string(type)]]
        }
    }
}

extension Page {
    /// - Parameter name: What the list is called.
    func json(_ name: String, _ element: (Element) -> ReBAC.JSONValue) -> ReBAC.JSONValue {
        .object([.init(name: name, value: .array(elements.map(element))), .init(name: "continuation_token", value: .string(next ?? ""))])
    }
}
