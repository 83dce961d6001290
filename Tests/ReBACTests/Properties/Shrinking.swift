import ReBAC

extension Sample {
    /// The smallest sample, by leaving out and simplifying one thing after the other, that still fails.
    func shrunk(while fails: (Sample) -> Bool) -> Sample {
        var smallest = self
        while let smaller = smallest.simplifications.first(where: { $0.isAskable && fails($0) }) { smallest = smaller }
        return smallest
    }

    /// Each a little simpler, those that leave out much first.
    private var simplifications: [Sample] {
        let simplerModels = model.simplifications.map { model in with { $0.model = model } }
        return questions.indices.map { index in with { $0.questions = [questions[index]] } }.filter { $0.questions != questions }
            + tuples.indices.map { index in with { $0.tuples.remove(at: index) } }
            + contextualTuples.indices.map { index in with { $0.contextualTuples.remove(at: index) } }
            + context.keys.sorted().map { name in with { $0.context[name] = nil } }
            + simplerModels
    }

    /// Whether OpenFGA would take the model and the questions.
    private var isAskable: Bool {
        model.isSound && contextualTuples.allSatisfy { model.allows($0) }
            && questions.allSatisfy { question in
                let asked = model.relation(question.relation, of: question.object.type)
                guard case .userset(let object, let relation) = question.user else { return asked != nil && model.type(question.user.type) != nil }
                return asked != nil && model.relation(relation, of: object.type) != nil
            }
    }

    private func with(_ change: (inout Sample) -> Void) -> Sample {
        var sample = self
        change(&sample)
        return sample
    }
}

extension AuthorizationModel {
    fileprivate var simplifications: [AuthorizationModel] {
        var simpler: [AuthorizationModel] = types.indices.map { index in with { $0.types.remove(at: index) } }
        if !conditions.isEmpty { simpler.append(with { $0.conditions = [] }) }
        for (type, definition) in types.enumerated() {
            for (index, relation) in definition.relations.enumerated() {
                simpler.append(with { $0.types[type].relations.remove(at: index) })
                simpler += relation.simplifications.map { relation in with { $0.types[type].relations[index] = relation } }
            }
        }
        return simpler
    }

    private func with(_ change: (inout AuthorizationModel) -> Void) -> AuthorizationModel {
        var model = self
        change(&model)
        return model
    }

    /// Whether everything that is referred to is there, so that the model can be asked at all.
    fileprivate var isSound: Bool {
        let isComplete = types.allSatisfy { type in
            type.relations.allSatisfy { relation in
                relation.rewrite.leaves.contains(.direct) == !relation.directTypes.isEmpty
                    && relation.directTypes.allSatisfy { exists($0) }
                    && relation.rewrite.leaves.allSatisfy { exists($0, of: type.name) }
            }
        }
        return isComplete && relationsWithEntrypoint.count == allRelations.count
    }

    private func exists(_ restriction: TypeRestriction) -> Bool {
        if let condition = restriction.condition, !conditions.contains(where: { $0.name == condition }) { return false }
        guard case .userset(let relation) = restriction.form else { return type(restriction.type) != nil }
        return self.relation(relation, of: restriction.type) != nil
    }

    private func exists(_ leaf: UsersetRewrite, of type: String) -> Bool {
        switch leaf {
        case .computed(let relation): self.relation(relation, of: type) != nil
        case .tupleToUserset(let tupleset, let relation):
            (self.relation(tupleset, of: type)?.directTypes ?? []).contains { self.relation(relation, of: $0.type) != nil }
        default: true
        }
    }
}

extension RelationDefinition {
    fileprivate var simplifications: [RelationDefinition] {
        let rewrites = rewrite.simplifications.map { rewrite in
            RelationDefinition(name: name, rewrite: rewrite, directTypes: rewrite.leaves.contains(.direct) ? directTypes : [])
        }
        guard rewrite == .direct else {
            return [RelationDefinition(name: name, rewrite: .direct, directTypes: [TypeRestriction(type: "user")])] + rewrites
        }
        guard directTypes.count > 1 else { return rewrites }
        return rewrites
            + directTypes.indices.map { index in
                var simpler = self
                simpler.directTypes.remove(at: index)
                return simpler
            }
    }
}

extension UsersetRewrite {
    /// One operand alone, or one operand simpler.
    fileprivate var simplifications: [UsersetRewrite] {
        let operands = operands
        return operands
            + operands.indices.flatMap { index in
                operands[index].simplifications.map { simpler in
                    var changed = operands
                    changed[index] = simpler
                    return replacing(operands: changed)
                }
            }
    }

    private func replacing(operands: [UsersetRewrite]) -> UsersetRewrite {
        switch self {
        case .union: .union(operands)
        case .intersection: .intersection(operands)
        case .exclusion: .exclusion(base: operands[0], subtracted: operands[1])
        default: self
        }
    }
}
