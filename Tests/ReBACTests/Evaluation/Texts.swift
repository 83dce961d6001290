@testable import ReBAC

// Short ways to write what the tests are about. Tuples and questions are written as OpenFGA shows them: `document:1#viewer@user:anne`.

func key(_ text: String) -> TupleKey {
    let parts = text.split(separator: "@", maxSplits: 1)
    let left = parts[0].split(separator: "#")
    return TupleKey(object: object(left[0]), relation: String(left[1]), user: user(parts[1]))
}

func user(_ text: some StringProtocol) -> UserReference {
    let parts = text.split(separator: "#")
    let object = object(parts[0])
    if parts.count == 2 { return .userset(object, relation: String(parts[1])) }
    return object.id == "*" ? .wildcard(type: object.type) : .object(object)
}

func object(_ text: some StringProtocol) -> ObjectReference {
    let parts = text.split(separator: ":", maxSplits: 1)
    return ObjectReference(type: String(parts[0]), id: String(parts[1]))
}

func tuple(_ text: String, when condition: String? = nil, _ context: ConditionContext = [:]) -> RelationshipTuple {
    RelationshipTuple(key: key(text), condition: condition.map { TupleCondition(name: $0, context: context) })
}

extension TupleIndex {
    init(_ tuples: [String]) {
        self.init()
        for text in tuples { insert(tuple(text)) }
    }
}

/// `user`, `user:*` or `group#member`, each perhaps `with condition`.
func restriction(_ text: String) -> TypeRestriction {
    let parts = text.split(separator: " ")
    let condition = parts.count == 3 ? String(parts[2]) : nil
    if parts[0].hasSuffix(":*") { return TypeRestriction(type: String(parts[0].dropLast(2)), form: .wildcard, condition: condition) }
    let names = parts[0].split(separator: "#").map(String.init)
    return TypeRestriction(type: names[0], form: names.count == 2 ? .userset(relation: names[1]) : .object, condition: condition)
}

extension RelationDefinition {
    init(_ name: String, _ rewrite: UsersetRewrite = .direct, from types: String...) {
        self.init(name: name, rewrite: rewrite, directTypes: types.map(restriction))
    }
}
