import ReBAC

/// Whether lists have what the naive evaluator says yes to.
struct ListAgreement {
    let sample: Sample
    let oracle: BruteForce
    let evaluator: Evaluator
    let answers: [UserReference: BruteForce.Answers]

    /// What is wrong, if anything is.
    var disagreement: String? {
        for user in sample.users {
            for relation in Set(sample.questions.filter { $0.user == user }.map { TypedRelation(type: $0.object.type, relation: $0.relation) }) {
                guard let answers = answers[user], let disagreement = objects(relation, of: user, answers) else { continue }
                return "objects \(relation.type)#\(relation.relation) of \(user): \(disagreement)"
            }
        }
        guard let question = sample.questions.first, let filter = sample.filter, let disagreement = users(filter, of: question) else { return nil }
        return "users \(filter.type)#\(filter.relation ?? "") of \(question.object)#\(question.relation): \(disagreement)"
    }

    private func objects(_ relation: TypedRelation, of user: UserReference, _ answers: BruteForce.Answers) -> String? {
        let asked = oracle.statements.filter { $0.object.type == relation.type && $0.relation == relation.relation }
        do throws(EvaluationFailure) {
            let objects = try evaluator.listObjects(
                ofType: relation.type, relation: relation.relation, user: user, contextualTuples: sample.contextualTuples, context: sample.context,
                limits: .generous)
            return compare(objects, with: asked.map { ($0.object, answers[$0], answers.mayBeRefused($0)) })
        } catch .undecidedCondition where sample.hasUndecidedConditions {
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func users(_ filter: UserFilter, of question: Sample.Question) -> String? {
        let everyone = sample.everyone(filter)
        // Whoever is asked about must be among the objects that the naive evaluator knows.
        var asking = sample
        asking.questions += everyone.map { Sample.Question(object: question.object, relation: question.relation, user: $0) }
        let oracle = BruteForce(asking)
        do throws(EvaluationFailure) {
            let users = try evaluator.listUsers(
                of: question.object, relation: question.relation, filter: filter, contextualTuples: sample.contextualTuples, context: sample.context,
                limits: .generous)
            let right = everyone.map { user in
                let answers = oracle.answers(for: user)
                // Whom `user:*` stands for need not be listed, too.
                let isCovered = user != .wildcard(type: filter.type) && users.contains(.wildcard(type: filter.type))
                return (user, answers[question.statement], answers.mayBeRefused(question.statement) || isCovered)
            }
            return compare(users, with: right)
        } catch .undecidedCondition where sample.hasUndecidedConditions {
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// - Parameter right: What may be listed, with the naive evaluator's answer, and whether it may be missing all the same.
    private func compare<Element: Hashable>(_ listed: [Element], with right: [(element: Element, answer: BruteForce.Answer, mayBeMissing: Bool)]) -> String? {
        let found = Set(listed)
        if found.count < listed.count { return "\(listed) has something twice" }
        let allowed = Set(right.filter { $0.answer == .yes }.map(\.element))
        let wanted = Set(right.filter { $0.answer == .yes && !$0.mayBeMissing }.map(\.element))
        let surplus = found.subtracting(allowed)
        let missing = wanted.subtracting(found)
        return surplus.isEmpty && missing.isEmpty ? nil : "\(listed) has too much: \(surplus), and lacks \(missing)"
    }
}

extension Sample {
    /// Whether a condition lacks parameters, so that a list may be refused that comes by it.
    fileprivate var hasUndecidedConditions: Bool {
        visibleTuples.contains { tuple in tuple.condition.map { SampleConditions.holds($0, context: context) == nil } ?? false }
    }

    /// Those of the kind of the last one asked about; wildcards are of their type.
    fileprivate var filter: UserFilter? {
        switch questions.last?.user {
        case .object(let object): UserFilter(type: object.type)
        case .wildcard(let type): UserFilter(type: type)
        case .userset(let object, let relation): UserFilter(type: object.type, relation: relation)
        case nil: nil
        }
    }

    /// Everyone of a kind whom tuples or questions speak of.
    fileprivate func everyone(_ filter: UserFilter) -> [UserReference] {
        let objects = Set(
            (visibleTuples.map(\.key) + questions.map(\.key)).flatMap { key in
                switch key.user {
                case .object(let user), .userset(let user, _): [key.object, user]
                case .wildcard: [key.object]
                }
            }
        ).filter { $0.type == filter.type }
        if let relation = filter.relation { return objects.map { .userset($0, relation: relation) } }
        return objects.map { .object($0) } + [.wildcard(type: filter.type)]
    }
}
