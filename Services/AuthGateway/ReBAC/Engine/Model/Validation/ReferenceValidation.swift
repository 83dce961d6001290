/// Whether everything that relations refer to is there, and fits the place where it is referred to.
struct ReferenceValidation {
    private let model: AuthorizationModel
    private let types: [String: ModelTypeIndex]
    private let conditions: Set<String>

    init(_ model: AuthorizationModel) {
        self.model = model
        types = ModelTypeIndex.all(of: model)
        conditions = Set(model.conditions.map(\.name))
    }

    func findings() -> [ModelFinding] {
        model.types.flatMap { type in
            type.relations.flatMap { relation in rewriteFindings(relation, of: type.name) + restrictionFindings(relation, of: type.name) }
        }
    }

    // MARK: Rewrites

    private func rewriteFindings(_ relation: RelationDefinition, of type: String) -> [ModelFinding] {
        relation.rewrite.leaves.compactMap { leaf in
            switch leaf {
            case .computed(let other): computedProblem(other, in: relation.name, of: type)
            case .tupleToUserset(let tupleset, let other): tupleToUsersetProblem(other, from: tupleset, in: relation.name, of: type)
            // An operator is a leaf where it has no operands.
            case .union, .intersection, .exclusion: .invalidRelation(relation.name, of: type, "invalid userset rewrite definition: no operands")
            case .direct: nil
            }
        }
    }

    private func computedProblem(_ other: String, in relation: String, of type: String) -> ModelFinding? {
        if other == relation {
            return .invalidRelation(relation, of: type, "invalid userset rewrite definition: it refers to itself")
        }
        guard types[type]?.relations[other] == nil else { return nil }
        return ModelFinding("'\(type)#\(other)' relation is undefined", about: .relation(type: type, name: relation))
    }

    private func tupleToUsersetProblem(_ other: String, from tupleset: String, in relation: String, of type: String) -> ModelFinding? {
        let subject = ModelSubject.relation(type: type, name: relation)
        guard let definition = types[type]?.relations[tupleset] else {
            return ModelFinding("'\(type)#\(tupleset)' relation is undefined", about: subject)
        }
        guard definition.rewrite == .direct else {
            return ModelFinding(
                "the '\(type)#\(tupleset)' relation is referenced in at least one tupleset and thus must be a direct relation", about: subject)
        }
        let related = types[type]?.directTypes[tupleset] ?? []
        guard !related.contains(where: { types[$0]?.relations[other] != nil }) else { return nil }
        return ModelFinding(
            "undefined relation: \(other) does not appear as a relation in any of the directly related user types of '\(type)#\(tupleset)'",
            about: subject)
    }

    // MARK: Lists in brackets

    private func restrictionFindings(_ relation: RelationDefinition, of type: String) -> [ModelFinding] {
        let subject = ModelSubject.relation(type: type, name: relation.name)
        let isDirect = relation.rewrite.leaves.contains(.direct)
        if isDirect, relation.directTypes.isEmpty {
            let reason = "the assignable relation '\(relation.name)' in object type '\(type)' must contain at least one relation type"
            return [ModelFinding(reason, about: subject)]
        }
        if !isDirect, !relation.directTypes.isEmpty {
            let reason = "the non-assignable relation '\(relation.name)' in object type '\(type)' should not contain a relation type"
            return [ModelFinding(reason, about: subject)]
        }
        return relation.directTypes.compactMap { restrictionProblem($0, in: relation.name, of: type) }
    }

    private func restrictionProblem(_ restriction: TypeRestriction, in relation: String, of type: String) -> ModelFinding? {
        let subject = ModelSubject.relation(type: type, name: relation)
        func invalid(_ text: String, _ why: String) -> ModelFinding {
            ModelFinding("the relation type '\(text)' on '\(relation)' in object type '\(type)' is not valid: \(why)", about: subject)
        }
        guard let related = types[restriction.type] else { return invalid(restriction.text, "type '\(restriction.type)' is undefined") }
        if restriction.form != .object, types[type]?.tuplesets.contains(relation) == true {
            return invalid(restriction.text, "'\(relation)' is used in a 'from', so its users must be single objects")
        }
        if case .userset(let other) = restriction.form, related.relations[other] == nil {
            return invalid(restriction.text, "'\(restriction.type)#\(other)' is undefined")
        }
        if let condition = restriction.condition, !conditions.contains(condition) {
            return ModelFinding("condition \(condition) is undefined for relation \(relation)", about: subject)
        }
        return nil
    }
}

extension TypeRestriction {
    /// As the language writes it, without the condition.
    var text: String {
        switch form {
        case .object: type
        case .wildcard: "\(type):*"
        case .userset(let relation): "\(type)#\(relation)"
        }
    }
}
