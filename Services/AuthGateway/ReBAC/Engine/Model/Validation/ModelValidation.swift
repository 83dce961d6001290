extension AuthorizationModel {
    /// Everything that is wrong with a model that could be read; empty for a valid one.
    ///
    /// The rules are OpenFGA's: those of its messages (`authzmodel.proto`), of `WriteAuthorizationModel` and of `typesystem.NewAndValidate`.
    /// One differs: whether a relation has an entrypoint is the least fixpoint here, while OpenFGA's walk remembers half-known answers and so
    /// refuses some models of nested operators whose relations have one.
    ///
    /// The time is linear in the model's size. At most a hundred are told.
    public func problems() -> [ModelProblem] { ModelValidation(self).findings().map(\.problem) }
}

/// Judges a model, rule by rule. Later rules need what earlier ones make sure of, so they are looked at only where those hold.
struct ModelValidation {
    static let maximumFindings = 100

    private let model: AuthorizationModel

    init(_ model: AuthorizationModel) {
        self.model = model
    }

    func findings() -> [ModelFinding] {
        for rules in [sizes, names, references, entrypointsAndCycles, expressions] {
            let findings = rules()
            if !findings.isEmpty { return Array(findings.prefix(Self.maximumFindings)) }
        }
        return []
    }

    private func references() -> [ModelFinding] { ReferenceValidation(model).findings() }

    private func entrypointsAndCycles() -> [ModelFinding] {
        let graph = RelationGraph(model)
        let closed = graph.withoutEntrypoint()
        // One that can never hold for its cycle is told once.
        let told = Set(closed.map(\.subject))
        return closed + graph.onCycles().filter { !told.contains($0.subject) }
    }

    private func expressions() -> [ModelFinding] {
        model.conditions.compactMap { condition -> ModelFinding? in
            do throws(ModelProblem) {
                _ = try CompiledCondition(condition)
                return nil
            } catch {
                // Its place is one in the expression, so it becomes part of the reason.
                let place = error.position.map { " (line \($0.line), column \($0.column) of the expression)" } ?? ""
                return ModelFinding("\(error.reason)\(place)", about: .condition(condition.name))
            }
        }
    }

    // MARK: Sizes

    private func sizes() -> [ModelFinding] {
        if let tooMany = typeCount() { return [tooMany] }
        let tooDeep = nesting()
        // Measuring recurses, so it comes after.
        return tooDeep.isEmpty ? [encodedSize()].compactMap { $0 } : tooDeep
    }

    private func typeCount() -> ModelFinding? {
        if model.types.isEmpty { return ModelFinding("the model has no types; it must have at least one", kind: .malformed) }
        guard model.types.count > AuthorizationModel.maximumTypes else { return nil }
        return ModelFinding("the model has \(model.types.count) types; it can have \(AuthorizationModel.maximumTypes)", kind: .exceedsLimit)
    }

    private func encodedSize() -> ModelFinding? {
        let size = model.encodedSize
        guard size > AuthorizationModel.maximumBytes else { return nil }
        return ModelFinding("model exceeds size limit: \(size) bytes vs \(AuthorizationModel.maximumBytes) bytes", kind: .exceedsLimit)
    }

    private func nesting() -> [ModelFinding] {
        relations { type, relation in
            guard !relation.rewrite.isNested(within: UsersetRewrite.maximumNesting) else { return nil }
            return ModelFinding(
                "the definition of relation '\(relation.name)' in object type '\(type.name)' is nested more than "
                    + "\(UsersetRewrite.maximumNesting) deep",
                kind: .malformed, about: .relation(type: type.name, name: relation.name))
        }
    }

    // MARK: Names

    private func names() -> [ModelFinding] {
        typeNames() + relationNames() + conditionNames()
    }

    private func typeNames() -> [ModelFinding] {
        var names: Set<String> = []
        return model.types.compactMap { type in
            let subject = ModelSubject.type(type.name)
            if let problem = nameProblem(type.name, of: "a type", maximum: AuthorizationModel.maximumTypeNameLength, about: subject) {
                return problem
            }
            if Self.isReserved(type.name) {
                return ModelFinding("the definition of type '\(type.name)' is invalid: self and this are reserved keywords", about: subject)
            }
            guard names.insert(type.name).inserted else {
                return ModelFinding("an authorization model cannot contain duplicate types: '\(type.name)'", about: subject)
            }
            return nil
        }
    }

    private func relationNames() -> [ModelFinding] {
        var names: [String: Set<String>] = [:]
        return relations { type, relation in
            let subject = ModelSubject.relation(type: type.name, name: relation.name)
            let what = "a relation of type '\(type.name)'"
            if let problem = nameProblem(relation.name, of: what, maximum: AuthorizationModel.maximumNameLength, about: subject) { return problem }
            if Self.isReserved(relation.name) {
                return .invalidRelation(relation.name, of: type.name, "self and this are reserved keywords")
            }
            guard names[type.name, default: []].insert(relation.name).inserted else {
                return .invalidRelation(relation.name, of: type.name, "it is defined more than once")
            }
            return nil
        }
    }

    private static func isReserved(_ name: String) -> Bool { name == "self" || name == "this" }

    private func conditionNames() -> [ModelFinding] {
        var findings: [ModelFinding] = []
        if model.conditions.count > AuthorizationModel.maximumConditions {
            findings.append(
                ModelFinding(
                    "the model has \(model.conditions.count) conditions; it can have \(AuthorizationModel.maximumConditions)", kind: .malformed))
        }
        var names: Set<String> = []
        for condition in model.conditions {
            let subject = ModelSubject.condition(condition.name)
            if let problem = nameProblem(condition.name, of: "a condition", maximum: AuthorizationModel.maximumNameLength, about: subject) {
                findings.append(problem)
            } else if !names.insert(condition.name).inserted {
                findings.append(ModelFinding("the condition '\(condition.name)' is defined more than once", about: subject))
            }
            findings += parts(of: condition)
        }
        return findings
    }

    private func parts(of condition: ConditionDefinition) -> [ModelFinding] {
        let subject = ModelSubject.condition(condition.name)
        var findings: [ModelFinding] = []
        let size = condition.expression.utf8.count
        if size > AuthorizationModel.maximumExpressionBytes {
            findings.append(
                ModelFinding(
                    "the expression of the condition '\(condition.name)' has \(size) bytes; it can have \(AuthorizationModel.maximumExpressionBytes)",
                    kind: .malformed, about: subject))
        }
        if condition.parameters.count > AuthorizationModel.maximumParameters {
            findings.append(
                ModelFinding(
                    "the condition '\(condition.name)' has \(condition.parameters.count) parameters; "
                        + "it can have \(AuthorizationModel.maximumParameters)",
                    kind: .malformed, about: subject))
        }
        var names: Set<String> = []
        for parameter in condition.parameters {
            let what = "a parameter of the condition '\(condition.name)'"
            if let problem = nameProblem(parameter.name, of: what, maximum: AuthorizationModel.maximumNameLength, about: subject) {
                findings.append(problem)
            } else if !names.insert(parameter.name).inserted {
                findings.append(
                    ModelFinding("the condition '\(condition.name)' has the parameter '\(parameter.name)' more than once", about: subject))
            }
        }
        return findings
    }

    private func nameProblem(_ name: String, of what: String, maximum: Int, about subject: ModelSubject) -> ModelFinding? {
        if name.isEmpty { return ModelFinding("the name of \(what) is empty", kind: .malformed, about: subject) }
        let isLong = ReferenceText.isLonger(name, than: maximum)
        guard isLong || !ReferenceText.isName(name) else { return nil }
        let shown = isLong ? "\(name.prefix(maximum))…" : name
        return ModelFinding(
            "'\(shown)' cannot be the name of \(what): it must have at most \(maximum) characters, and none of ':', '#', '@', blanks and NUL",
            kind: .malformed, about: subject)
    }

    private func relations(_ judge: (TypeDefinition, RelationDefinition) -> ModelFinding?) -> [ModelFinding] {
        model.types.flatMap { type in type.relations.compactMap { judge(type, $0) } }
    }
}

extension ModelFinding {
    /// In OpenFGA's words.
    static func invalidRelation(_ relation: String, of type: String, _ cause: String) -> Self {
        Self(
            "the definition of relation '\(relation)' in object type '\(type)' is invalid: \(cause)",
            about: .relation(type: type, name: relation))
    }
}

extension UsersetRewrite {
    /// Whether no more than this many rewrites stand within each other. Goes no deeper than it asks.
    fileprivate func isNested(within levels: Int) -> Bool {
        guard levels > 0 else { return false }
        return switch self {
        case .direct, .computed, .tupleToUserset: true
        case .union(let operands), .intersection(let operands): operands.allSatisfy { $0.isNested(within: levels - 1) }
        case .exclusion(let base, let subtracted): base.isNested(within: levels - 1) && subtracted.isNested(within: levels - 1)
        }
    }
}
