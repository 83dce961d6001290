import ReBAC

/// OpenFGA's `UsersetTree`, whose nodes and leaves are oneofs.
extension UsersetTree {
    var json: ReBAC.JSONValue { ["root": root.json] }
}

extension UsersetTree.Node {
    fileprivate var json: ReBAC.JSONValue {
        let (kind, value) = value.json
        return .object([.init(name: "name", value: .string(name.description)), .init(name: kind, value: value)])
    }
}

extension UsersetTree.Value {
    fileprivate var json: (kind: String, value: ReBAC.JSONValue) {
        switch self {
        case .users(let users): ("leaf", ["users": ["users": .array(users.map { .string($0.description) })]])
        case .computed(let userset): ("leaf", ["computed": userset.json])
        case .tupleToUserset(let tupleset, let computed):
            ("leaf", ["tupleToUserset": ["tupleset": .string(tupleset.description), "computed": .array(computed.map(\.json))]])
        case .union(let nodes): ("union", ["nodes": .array(nodes.map(\.json))])
        case .intersection(let nodes): ("intersection", ["nodes": .array(nodes.map(\.json))])
        case .difference(let base, let subtract): ("difference", ["base": base.json, "subtract": subtract.json])
        }
    }
}

extension UsersetTree.Userset {
    fileprivate var json: ReBAC.JSONValue { ["userset": .string(description)] }
}
