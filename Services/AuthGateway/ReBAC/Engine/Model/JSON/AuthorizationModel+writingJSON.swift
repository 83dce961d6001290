extension AuthorizationModel {
    /// The model as OpenFGA's API shows it, without `id`. The same model is always the same bytes, in whatever order its relations and conditions
    /// stand, which JSON does not keep: they come by name.
    public func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(jsonValue)
        return writer.bytes
    }

    /// The same as a value, for what is around it.
    package var jsonValue: JSONValue {
        [
            "schema_version": .string(Self.schemaVersion),
            "type_definitions": .array(types.map(\.json)),
            "conditions": .object(members(conditions, name: \.name, value: \.json)),
        ]
    }
}

/// Named values as members of an object. Of two with one name, which only a model with problems has, the first stays.
private func members<Element>(_ elements: [Element], name: (Element) -> String, value: (Element) -> JSONValue) -> [JSONValue.Member] {
    let byName = Dictionary(elements.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
    return byName.sorted { $0.key < $1.key }.map { JSONValue.Member(name: $0.key, value: value($0.value)) }
}

extension TypeDefinition {
    fileprivate var json: JSONValue {
        [
            "type": .string(name),
            "relations": .object(members(relations, name: \.name, value: \.rewrite.json)),
            "metadata": relations.isEmpty ? .null : ["relations": .object(members(relations, name: \.name, value: \.metadata))],
        ]
    }
}

extension RelationDefinition {
    fileprivate var metadata: JSONValue { ["directly_related_user_types": .array(directTypes.map(\.json))] }
}

extension TypeRestriction {
    fileprivate var json: JSONValue {
        let condition = JSONValue.string(condition ?? "")
        return switch form {
        case .object: ["type": .string(type), "condition": condition]
        case .wildcard: ["type": .string(type), "wildcard": [:], "condition": condition]
        case .userset(let relation): ["type": .string(type), "relation": .string(relation), "condition": condition]
        }
    }
}

extension UsersetRewrite {
    fileprivate var json: JSONValue {
        switch self {
        case .direct: ["this": [:]]
        case .computed(let relation): ["computedUserset": Self.reference(to: relation)]
        case .tupleToUserset(let tupleset, let relation):
            ["tupleToUserset": ["tupleset": Self.reference(to: tupleset), "computedUserset": Self.reference(to: relation)]]
        case .union(let operands): ["union": ["child": .array(operands.map(\.json))]]
        case .intersection(let operands): ["intersection": ["child": .array(operands.map(\.json))]]
        case .exclusion(let base, let subtracted): ["difference": ["base": base.json, "subtract": subtracted.json]]
        }
    }

    private static func reference(to relation: String) -> JSONValue { ["object": "", "relation": .string(relation)] }
}

extension ConditionDefinition {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "expression": .string(expression),
            "parameters": .object(members(parameters, name: \.name, value: \.type.json)),
        ]
    }
}
