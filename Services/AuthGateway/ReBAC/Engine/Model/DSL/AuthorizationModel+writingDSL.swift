extension AuthorizationModel {
    /// The model in OpenFGA's language. Read again it is this model, but for operands that had to change places, as the language wants lists in
    /// brackets first, and operators with one operand, which are that operand.
    ///
    /// - Throws: ``ModelProblem`` for a model that the language has no words for, such as one with two lists in one relation.
    public func dsl() throws(ModelProblem) -> String {
        let model = AuthorizationModel(types: types.map(\.normalized), conditions: conditions)
        let text = model.text
        var parser = DSLParser(SourceText(text))
        do {
            try parser.parse()
        } catch {
            throw ModelProblem("the model cannot be written in OpenFGA's language, where \(error.reason): \(Self.line(error.position, of: text))")
        }
        guard parser.model == model else {
            throw ModelProblem("the model cannot be written in OpenFGA's language, where it would say something else")
        }
        return text
    }

    private static func line(_ position: ModelProblem.Position?, of text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let line = position?.line, lines.indices.contains(line - 1) else { return "" }
        return String(lines[line - 1].drop { $0 == " " }.prefix(200))
    }

    private var text: String {
        let header = "model\n  schema \(Self.schemaVersion)\n"
        return ([header] + types.map(\.text) + conditions.map(\.text)).joined(separator: "\n")
    }
}

extension TypeDefinition {
    fileprivate var text: String {
        guard !relations.isEmpty else { return "type \(name)\n" }
        return "type \(name)\n  relations\n" + relations.map { "    define \($0.name): \($0.text)\n" }.joined()
    }

    fileprivate var normalized: Self {
        Self(name: name, relations: relations.map { RelationDefinition(name: $0.name, rewrite: $0.rewrite.normalized, directTypes: $0.directTypes) })
    }
}

extension RelationDefinition {
    fileprivate var text: String {
        let list = directTypes.map { restriction in restriction.condition.map { "\(restriction.text) with \($0)" } ?? restriction.text }
        return rewrite.text(direct: "[\(list.joined(separator: ", "))]")
    }
}

extension UsersetRewrite {
    fileprivate func text(direct: String) -> String {
        switch self {
        case .direct: direct
        case .computed(let relation): relation
        case .tupleToUserset(let tupleset, let relation): "\(relation) from \(tupleset)"
        case .union(let operands): operands.map { $0.operandText(direct: direct) }.joined(separator: " or ")
        case .intersection(let operands): operands.map { $0.operandText(direct: direct) }.joined(separator: " and ")
        case .exclusion(let base, let subtracted): "\(base.operandText(direct: direct)) but not \(subtracted.operandText(direct: direct))"
        }
    }

    private func operandText(direct: String) -> String {
        switch self {
        case .direct, .computed, .tupleToUserset: text(direct: direct)
        case .union, .intersection, .exclusion: "(\(text(direct: direct)))"
        }
    }

    /// The same users, with those operands first that the language wants there.
    fileprivate var normalized: Self {
        switch self {
        case .direct, .computed, .tupleToUserset: self
        case .union(let operands): Self.operator(operands) { .union($0) }
        case .intersection(let operands): Self.operator(operands) { .intersection($0) }
        case .exclusion(let base, let subtracted): .exclusion(base: base.normalized, subtracted: subtracted.normalized)
        }
    }

    private static func `operator`(_ operands: [Self], _ make: ([Self]) -> Self) -> Self {
        let normalized = operands.map(\.normalized)
        if normalized.count == 1 { return normalized[0] }
        let isDirect = normalized.map { $0.leaves.contains(.direct) }
        return make(zip(normalized, isDirect).filter(\.1).map(\.0) + zip(normalized, isDirect).filter { !$0.1 }.map(\.0))
    }
}

extension ConditionDefinition {
    fileprivate var text: String {
        let list = parameters.map { "\($0.name): \($0.type.text)" }
        return "condition \(name)(\(list.joined(separator: ", "))) {\n  \(expression)\n}\n"
    }
}

extension ConditionParameterType {
    fileprivate var text: String {
        switch self {
        case .any: "any"
        case .bool: "bool"
        case .string: "string"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .duration: "duration"
        case .timestamp: "timestamp"
        case .ipaddress: "ipaddress"
        case .list(let element): "list<\(element.text)>"
        case .map(let element): "map<\(element.text)>"
        }
    }
}
