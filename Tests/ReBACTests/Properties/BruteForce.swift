import ReBAC

/// OpenFGA's answers by the most naive way: for one user it writes down, for every object and relation, the proposition that he has the relation, and looks for
/// the least fixpoint of all of them. It knows no order, no cache, no early exit and no index.
struct BruteForce {
    let sample: Sample
    /// Every relation of every object that is spoken of.
    let statements: [Statement]
    private let numbers: [Statement: Int]
    private let tuples: [Statement: [RelationshipTuple]]

    struct Statement: Hashable {
        var object: ObjectReference
        var relation: String
    }

    enum Answer: Hashable { case no, yes, undecided }

    init(_ sample: Sample) {
        self.sample = sample
        let statements = sample.objects.flatMap { object in
            (sample.model.type(object.type)?.relations ?? []).map { Statement(object: object, relation: $0.name) }
        }
        self.statements = statements
        numbers = Dictionary(uniqueKeysWithValues: zip(statements, statements.indices))
        let fitting = sample.visibleTuples.filter { sample.model.allows($0) }
        tuples = Dictionary(grouping: fitting) { Statement(object: $0.key.object, relation: $0.key.relation) }
    }

    struct Answers {
        fileprivate var truths: [Formulas.Truth]
        fileprivate var subtractingCircles: [Bool]
        fileprivate var numbers: [Statement: Int]

        subscript(statement: Statement) -> Answer {
            switch numbers[statement].map({ truths[$0] }) {
            case .yes: .yes
            case .undecided: .undecided
            case .no, nil: .no
            }
        }

        /// Whether OpenFGA's answer may be a no for a yes, as ``Formulas/subtractingCircles()`` tells.
        func mayBeRefused(_ statement: Statement) -> Bool { numbers[statement].map { subtractingCircles[$0] } ?? false }
    }

    func answers(for user: UserReference) -> Answers {
        let reachable = sample.model.relations(reachableFrom: user)
        let formulas = Formulas(definitions: statements.map { definition(of: $0, for: user, reachable) })
        return Answers(truths: formulas.truths(), subtractingCircles: formulas.subtractingCircles(), numbers: numbers)
    }

    // MARK: - Propositions

    private func definition(of statement: Statement, for user: UserReference, _ reachable: Set<TypedRelation>) -> Formula {
        if user == .userset(statement.object, relation: statement.relation) { return .constant(true) }
        // OpenFGA asks first whether the model has any way at all from users of the type to the relation.
        guard reachable.contains(TypedRelation(type: statement.object.type, relation: statement.relation)),
            let relation = sample.model.relation(statement.relation, of: statement.object.type)
        else { return .constant(false) }
        return formula(relation.rewrite, of: statement, for: user)
    }

    private func formula(_ rewrite: UsersetRewrite, of statement: Statement, for user: UserReference) -> Formula {
        switch rewrite {
        case .direct: direct(statement, user)
        case .computed(let relation): self.statement(statement.object, relation)
        case .tupleToUserset(let tupleset, let relation): viaTupleset(tupleset, relation, of: statement.object)
        case .union(let operands): .any(operands.map { formula($0, of: statement, for: user) })
        case .intersection(let operands): .all(operands.map { formula($0, of: statement, for: user) })
        case .exclusion(let base, let subtracted):
            .butNot(formula(base, of: statement, for: user), formula(subtracted, of: statement, for: user))
        }
    }

    private func statement(_ object: ObjectReference, _ relation: String) -> Formula {
        numbers[Statement(object: object, relation: relation)].map { .statement($0) } ?? .constant(false)
    }

    /// OpenFGA reads the tuple of the user, the one of the wildcard and those of usersets each by itself.
    private func direct(_ statement: Statement, _ user: UserReference) -> Formula {
        let all = tuples[statement] ?? []
        var parts: [Formula] = [read(all.filter { $0.key.user == user }) { _ in .constant(true) }]
        if case .userset = user {} else {
            parts.append(read(all.filter { $0.key.user == .wildcard(type: user.type) }) { _ in .constant(true) })
        }
        parts.append(
            read(all) { user in
                guard case .userset(let object, let relation) = user else { return nil }
                return self.statement(object, relation)
            })
        return .any(parts)
    }

    private func viaTupleset(_ tupleset: String, _ relation: String, of object: ObjectReference) -> Formula {
        read(tuples[Statement(object: object, relation: tupleset)] ?? []) { user in
            guard case .object(let object) = user else { return nil }
            return self.statement(object, relation)
        }
    }

    /// What tuples say that are read in one go. Undecidable ones among them matter only if no other's condition holds: so do OpenFGA's iterators.
    private func read(_ tuples: [RelationshipTuple], _ formula: (UserReference) -> Formula?) -> Formula {
        var holding: [Formula] = []
        var undecided = false
        for tuple in tuples {
            guard let formula = formula(tuple.key.user) else { continue }
            switch tuple.condition.map({ SampleConditions.holds($0, context: sample.context) }) ?? true {
            case true?: holding.append(formula)
            case nil: undecided = true
            case false?: break
            }
        }
        return holding.isEmpty && undecided ? .undecided : .any(holding)
    }
}

extension Sample {
    /// Every object that is spoken of.
    fileprivate var objects: [ObjectReference] {
        var objects: Set<ObjectReference> = []
        func add(_ user: UserReference) {
            switch user {
            case .object(let object), .userset(let object, _): objects.insert(object)
            case .wildcard: break
            }
        }
        for tuple in visibleTuples {
            objects.insert(tuple.key.object)
            add(tuple.key.user)
        }
        for question in questions {
            objects.insert(question.object)
            add(question.user)
        }
        return objects.sorted { $0.description < $1.description }
    }
}
