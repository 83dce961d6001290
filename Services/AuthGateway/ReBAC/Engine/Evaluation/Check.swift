/// The evaluation of one question: whether a user has a relation to an object.
///
/// It walks from relation to relation and from object to object as OpenFGA does (`internal/graph/check.go`), depth first, and stops at the first yes.
/// What it has found out it keeps, so that what is reached in many ways is evaluated once.
struct Check {
    typealias ID = TupleIndex.ID

    /// How many evaluations may be in progress one within the other. Only a model with absurdly long chains of relations gets there,
    /// as the steps from object to object are limited. It keeps the stack from overflowing.
    private static var maximumNesting: Int { 1000 }

    private let model: CompiledModel
    private let tuples: TupleIndex
    private let context: ConditionContext
    private let limits: EvaluationLimits
    private let user: AskedUser
    private var references: ReferenceNumbers
    /// Absent until needed.
    private var memberships: Memberships?
    private var memory = FindingMemory()
    private var failures: [EvaluationFailure] = []
    private var nesting = 0
    private var deadline: Deadline

    init(
        of user: AskedUser, model: CompiledModel, tuples: TupleIndex, context: ConditionContext, limits: EvaluationLimits
    ) {
        self.model = model
        self.tuples = tuples
        self.context = context
        self.limits = limits
        self.user = user
        references = ReferenceNumbers(model: model, tuples: tuples)
        deadline = Deadline(limits.deadline)
    }

    mutating func answer(to question: Question) throws(EvaluationFailure) -> Bool {
        switch try evaluate(question, depth: 0).verdict {
        case .yes: return true
        case .no: return false
        case .failed(let failure): throw failures[failure]
        }
    }

    /// - Parameter depth: Steps from object to object that led here. What a relation is made up of on the same object is no step.
    private mutating func evaluate(_ question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        try deadline.step()
        guard depth < limits.depth, nesting < Check.maximumNesting else { return failed(.tooDeep) }
        switch memory.recall(question, depth: depth, limit: limits.depth) {
        case .finding(let finding): return finding
        case .tooDeep: return failed(.tooDeep)
        case nil: break
        }
        if question.relation == user.kind, question.object == user.name { return .yes }
        guard user.mayReach(question.relation, in: model) else { return .no }
        // What does not lead further is found out again as fast as it is remembered.
        if model.relations[question.relation].isPlain, !model.relations[question.relation].hasUsersets {
            return try evaluateDirect(question, depth: depth)
        }
        memory.begin(question)
        nesting += 1
        defer { nesting -= 1 }
        let finding = try evaluate(model.relations[question.relation].rewrite, of: question, depth: depth)
        return memory.end(question, finding, depth: depth)
    }

    private mutating func evaluate(_ rewrite: CompiledRewrite, of question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        switch rewrite {
        case .direct: return try evaluateDirect(question, depth: depth)
        case .computed(let relation): return try evaluate(Question(object: question.object, relation: relation), depth: depth)
        case .tupleToUserset(let tupleset): return try evaluate(model.tuplesets[tupleset], of: question, depth: depth)
        case .union(let operands): return try evaluateUnion(operands, of: question, depth: depth)
        case .intersection(let operands): return try evaluateIntersection(operands, of: question, depth: depth)
        case .exclusion(let base): return try evaluateExclusion(base, of: question, depth: depth)
        }
    }

    // MARK: - Tuples

    private mutating func evaluateDirect(_ question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        let kinds = model.relations[question.relation].assignable
        let relation = references[question.relation]
        var result = Finding.no
        for kind in kinds where kind.reference == user.kind || kind.reference == user.wildcard {
            let name = kind.form == .wildcard ? tuples.name("*") : user.name
            let tuple = IndexedTuple(relation: relation, object: question.object, kind: references[kind.reference], user: name)
            guard tuples.contains(tuple) else { continue }
            result = result.or(counts(tuple, as: kind))
            if result.verdict == .yes { return result }
        }
        guard kinds.last?.form == .userset else { return result }
        return result.or(try evaluateUsersets(kinds, of: question, depth: depth))
    }

    private mutating func evaluateUsersets(_ kinds: [AssignableKind], of question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        let relation = references[question.relation]
        let hasConditions = kinds.contains { $0.conditions != nil }
        var result = Finding.no
        var read = TupleRead()
        for kind in kinds where kind.form == .userset {
            let usersets = tuples.tuples(relation: relation, object: question.object, kind: references[kind.reference])
            if !hasConditions, model.relations[kind.reference].isPlain, let known = known(memberOf: kind, through: usersets, depth: depth) {
                result = result.or(known)
            } else {
                for tuple in usersets {
                    result = result.or(try evaluate(tuple, as: kind, relation: kind.reference, depth: depth, &read))
                    if result.verdict == .yes { break }
                }
            }
            if result.verdict == .yes { return result }
        }
        return result.or(read.finding)
    }

    /// Whether the user is in one of the usersets, found out from the side of the user; nil if it cannot be found out like that.
    private mutating func known(memberOf kind: AssignableKind, through usersets: IndexedTuples, depth: Int) -> Finding? {
        guard let first = usersets.first(where: { _ in true }) else { return .no }
        if memberships == nil { memberships = Memberships(of: user, model: model, tuples: tuples, references: &references) }
        guard let members = memberships?.objects(by: kind.reference) else { return nil }
        var result = Finding.no
        for (object, distance) in members {
            var tuple = first
            tuple.user = object
            guard tuples.contains(tuple), tuples.condition(of: tuple) == nil else { continue }
            if depth + 1 + distance < limits.depth { return .yes }
            result = failed(.tooDeep)
        }
        return result
    }

    private mutating func evaluate(_ tupleset: CompiledTupleset, of question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        let relation = references[tupleset.relation]
        var result = Finding.no
        var read = TupleRead()
        for (kind, target) in tupleset.parents {
            for tuple in tuples.tuples(relation: relation, object: question.object, kind: references[kind.reference]) {
                result = result.or(try evaluate(tuple, as: kind, relation: target, depth: depth, &read))
                if result.verdict == .yes { return result }
            }
        }
        return result.or(read.finding)
    }

    /// Whether the user has a relation to the object that a tuple names as its user.
    private mutating func evaluate(
        _ tuple: IndexedTuple, as kind: AssignableKind, relation: Int?, depth: Int, _ read: inout TupleRead
    ) throws(EvaluationFailure) -> Finding {
        try deadline.step()
        guard read.counts(counts(tuple, as: kind)), let relation else { return .no }
        return try evaluate(Question(object: tuple.user, relation: relation), depth: depth + 1).oneStepOff
    }

    /// Whether a tuple is to be counted: whether it fits the model and its condition holds.
    private mutating func counts(_ tuple: IndexedTuple, as kind: AssignableKind) -> Finding {
        guard let condition = tuples.condition(of: tuple) else { return kind.isUnconditional ? .yes : .no }
        guard let conditions = kind.conditions, model.conditionSets[conditions].contains(condition.name), let compiled = model.conditions[condition.name],
            compiled.problem(with: condition.context) == nil
        else { return .no }
        do throws(EvaluationFailure) {
            return try compiled.evaluate(tuple: condition.context, request: context, key: tuples.key(of: tuple)) ? .yes : .no
        } catch {
            return failed(error)
        }
    }

    // MARK: - Operators

    private mutating func evaluateUnion(_ operands: Range<Int>, of question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        var result = Finding.no
        for operand in operands {
            result = result.or(try evaluate(model.operands[operand], of: question, depth: depth))
            if result.verdict == .yes { break }
        }
        return result
    }

    /// Any firm no settles it, so a no that rests on questions in progress is not yet the end.
    private mutating func evaluateIntersection(_ operands: Range<Int>, of question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        var doubtful: Finding?
        var failed: Finding?
        var height = 0
        for operand in operands {
            let finding = try evaluate(model.operands[operand], of: question, depth: depth)
            if finding.isFirmNo { return finding }
            switch finding.verdict {
            case .no: doubtful = doubtful ?? finding
            case .failed: failed = failed ?? finding
            case .yes: break
            }
            height = max(height, finding.height)
        }
        var result = doubtful ?? failed ?? .yes
        result.height = height
        return result
    }

    /// A no of what is subtracted makes a yes only if it rests on nothing that is in progress: otherwise it would be a circle through a negation,
    /// which is no way to a yes.
    private mutating func evaluateExclusion(_ base: Int, of question: Question, depth: Int) throws(EvaluationFailure) -> Finding {
        let included = try evaluate(model.operands[base], of: question, depth: depth)
        if included.isFirmNo { return included }
        let excluded = try evaluate(model.operands[base + 1], of: question, depth: depth)
        if excluded.verdict == .yes { return .no }
        var result =
            switch (included.verdict, excluded.verdict) {
            case (.no, _): included
            case (_, .no) where !excluded.isFirmNo: Finding(verdict: .no, premise: excluded.premise, isParadox: true)
            case (_, .no): included
            // As long as it cannot be told whether the user is excluded, a yes of the base is none.
            case (.yes, _): excluded
            default: included.or(excluded)
            }
        result.height = max(included.height, excluded.height)
        return result
    }

    private mutating func failed(_ failure: EvaluationFailure) -> Finding {
        if let place = failures.firstIndex(of: failure) { return Finding(verdict: .failed(place)) }
        failures.append(failure)
        return Finding(verdict: .failed(failures.count - 1))
    }
}

/// Tuples that OpenFGA reads in one go. One among them with a condition that cannot be decided matters only if none of the others counts.
private struct TupleRead {
    private var hasCounted = false
    private var failed: Finding?

    /// - Returns: Whether the tuple of which this was found out counts.
    mutating func counts(_ finding: Finding) -> Bool {
        switch finding.verdict {
        case .yes: hasCounted = true
        case .no: break
        case .failed: failed = failed ?? finding
        }
        return finding.verdict == .yes
    }

    var finding: Finding { hasCounted ? .no : failed ?? .no }
}
