import ReBAC

/// Makes tuples and questions for a random model: few objects, so that they meet and form circles.
struct RandomSample {
    private let model: AuthorizationModel
    private let objectCount: Int

    static func make(seed: UInt64) -> Sample {
        var random = SplitMix(seed)
        let plan = RandomSample(model: RandomModel.make(using: &random), objectCount: 2 + random.below(2))
        var sample = Sample(model: plan.model)
        var keys: Set<TupleKey> = []
        for _ in 0..<(3 + random.below(12)) {
            guard let tuple = random.chance(12) ? plan.stray(using: &random) : plan.fitting(using: &random), keys.insert(tuple.key).inserted else { continue }
            sample.tuples.append(tuple)
        }
        if random.chance(30) { plan.addContextualTuples(to: &sample, using: &random) }
        if random.chance(70) { sample.context["x"] = .bool(random.chance(60)) }
        if random.chance(60) { sample.context["n"] = .number(Double(random.below(30))) }
        plan.addQuestions(to: &sample, using: &random)
        return sample
    }

    // MARK: - Tuples

    private func addContextualTuples(to sample: inout Sample, using random: inout SplitMix) {
        var keys: Set<TupleKey> = []
        for _ in 0..<(1 + random.below(3)) {
            guard let tuple = fitting(using: &random), keys.insert(tuple.key).inserted else { continue }
            sample.contextualTuples.append(tuple)
        }
    }

    private func fitting(using random: inout SplitMix) -> RelationshipTuple? {
        let assignable = model.types.flatMap { type in type.relations.filter { !$0.directTypes.isEmpty }.map { (type.name, $0) } }
        guard let (type, relation) = random.pick(assignable), let restriction = random.pick(relation.directTypes) else { return nil }
        let user: UserReference =
            switch restriction.form {
            case .object: .object(object(restriction.type, &random))
            case .wildcard: .wildcard(type: restriction.type)
            case .userset(let relation): .userset(object(restriction.type, &random), relation: relation)
            }
        return RelationshipTuple(
            key: TupleKey(object: object(type, &random), relation: relation.name, user: user),
            condition: restriction.condition.map { condition($0, &random) })
    }

    /// A tuple as an older model may have let it in: of any relation, with any user, under any condition.
    private func stray(using random: inout SplitMix) -> RelationshipTuple? {
        guard let type = random.pick(model.types)?.name else { return nil }
        let relation = random.pick(model.allRelations.map(\.relation) + ["gone"]) ?? "gone"
        let name = random.chance(30) ? random.pick(model.conditions.map(\.name) + ["gone"]) : nil
        let condition = name.map { self.condition($0, &random) }
        return RelationshipTuple(
            key: TupleKey(object: object(random.chance(10) ? "gone" : type, &random), relation: relation, user: anyone(&random)), condition: condition)
    }

    private func condition(_ name: String, _ random: inout SplitMix) -> TupleCondition {
        var condition = TupleCondition(name: name)
        let parameters = model.conditions.first { $0.name == name }?.parameters.map(\.name) ?? []
        for parameter in parameters where random.chance(30) {
            condition.context[parameter] = parameter == "x" ? .bool(random.chance(50)) : .number(Double(random.below(30)))
        }
        return condition
    }

    // MARK: - Questions

    /// Half of them about someone whom a tuple names: the answer to most others is no.
    private func addQuestions(to sample: inout Sample, using random: inout SplitMix) {
        for _ in 0..<2 {
            let named = random.chance(50) ? random.pick(sample.visibleTuples.filter { model.allows($0) })?.key.user : nil
            let user = named ?? anyone(&random)
            for _ in 0..<3 {
                guard let relation = random.pick(model.allRelations) else { continue }
                sample.questions.append(Sample.Question(object: object(relation.type, &random), relation: relation.relation, user: user))
            }
        }
    }

    private func anyone(_ random: inout SplitMix) -> UserReference {
        guard let relation = random.chance(25) ? random.pick(model.allRelations) : nil else {
            let type = random.chance(70) ? "user" : random.pick(model.types)?.name ?? "user"
            return random.chance(15) ? .wildcard(type: type) : .object(object(type, &random))
        }
        return .userset(object(relation.type, &random), relation: relation.relation)
    }

    private func object(_ type: String, _ random: inout SplitMix) -> ObjectReference {
        ObjectReference(type: type, id: String(1 + random.below(objectCount)))
    }
}
