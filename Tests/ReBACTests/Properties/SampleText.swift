import ReBAC

/// A sample as one would write it by hand: the model in the DSL, the tuples beneath.
extension Sample: CustomStringConvertible {
    var description: String {
        var lines = ["model", "  schema 1.1"]
        for type in model.types {
            lines.append("type \(type.name)")
            if !type.relations.isEmpty { lines.append("  relations") }
            for relation in type.relations {
                lines.append("    define \(relation.name): \(relation.rewrite.text(relation.directTypes, isNested: false))")
            }
        }
        for condition in model.conditions {
            let parameters = condition.parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
            lines += ["condition \(condition.name)(\(parameters)) {", "  \(condition.expression)", "}"]
        }
        lines += tuples.map { "tuple \($0.text)" } + contextualTuples.map { "contextual tuple \($0.text)" }
        if !context.isEmpty { lines.append("context \(context.text)") }
        return (lines + questions.map { "question \($0.key)" }).joined(separator: "\n")
    }
}

extension RelationshipTuple {
    var text: String { "\(key)" + (condition.map { " with \($0.name) \($0.context.text)" } ?? "") }
}

extension ConditionContext {
    fileprivate var text: String { "{" + sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}" }
}

extension UsersetRewrite {
    fileprivate func text(_ directTypes: [TypeRestriction], isNested: Bool) -> String {
        func joined(_ operands: [UsersetRewrite], by word: String) -> String {
            let text = operands.map { $0.text(directTypes, isNested: true) }.joined(separator: " \(word) ")
            return isNested ? "(\(text))" : text
        }
        return switch self {
        case .direct: "[\(directTypes.map(\.text).joined(separator: ", "))]"
        case .computed(let relation): relation
        case .tupleToUserset(let tupleset, let relation): "\(relation) from \(tupleset)"
        case .union(let operands): joined(operands, by: "or")
        case .intersection(let operands): joined(operands, by: "and")
        case .exclusion(let base, let subtracted): joined([base, subtracted], by: "but not")
        }
    }
}

extension TypeRestriction {
    fileprivate var text: String {
        let user =
            switch form {
            case .object: type
            case .wildcard: "\(type):*"
            case .userset(let relation): "\(type)#\(relation)"
            }
        return user + (condition.map { " with \($0)" } ?? "")
    }
}
