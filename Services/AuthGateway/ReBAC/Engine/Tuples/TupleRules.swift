/// Which tuples a valid model allows. Made once for a model; each look costs a few look-ups by name.
public struct TupleRules: Sendable {
    /// What of a condition's context OpenFGA writes by default, in protobuf's encoding.
    public static let maximumContextBytes = 32 * 1024

    /// Users of one form, such as `user`, `user:*` or `group#member`.
    fileprivate struct UserKind: Sendable, Hashable {
        var type: String
        var form: TypeRestriction.Form
    }

    fileprivate struct Relation: Sendable {
        /// For each kind of users the conditions that it may have; a tuple without one has the condition nil.
        var allowed: [UserKind: Set<String?>] = [:]
        var isTupleset = false
    }

    private let types: [String: [String: Relation]]
    private let conditions: [String: CompiledCondition]

    /// A condition that cannot be compiled, which no valid model has, is none: tuples under it do not fit.
    public init(_ model: AuthorizationModel) {
        let indexes = ModelTypeIndex.all(of: model)
        types = indexes.mapValues { type in
            type.relations.mapValues { Relation($0, isTupleset: type.tuplesets.contains($0.name)) }
        }
        conditions = Dictionary(
            model.conditions.compactMap { try? CompiledCondition($0) }.map { ($0.definition.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Questions

    /// What is wrong with asking whether the user has the relation: only types and relations must be there, as a question need not be a tuple.
    public func problem(asking key: TupleKey) -> TupleProblem? {
        guard let ofUser = types[key.user.type] else { return .unknownType(key.user.type) }
        if case .userset(_, let relation) = key.user, ofUser[relation] == nil { return .unknownRelation(relation, type: key.user.type) }
        guard let ofObject = types[key.object.type] else { return .unknownType(key.object.type) }
        guard ofObject[key.relation] != nil else { return .unknownRelation(key.relation, type: key.object.type) }
        return nil
    }

    // MARK: Tuples

    /// What is wrong with a tuple that a request brings along, or that a store holds since a model that allowed it.
    ///
    /// OpenFGA refuses such a tuple in a request and ignores it in a store. Which conditions a user may have goes by its exact form, as OpenFGA does
    /// since its pull request 3218: with `user, user:* with c` one user may not have `c`, and `user:*` must.
    public func problem(with tuple: RelationshipTuple) -> TupleProblem? {
        if let problem = problem(asking: tuple.key) { return problem }
        guard let relation = types[tuple.key.object.type]?[tuple.key.relation] else { return .unknownType(tuple.key.object.type) }
        return relation.problem(with: tuple.key) ?? conditionProblem(with: tuple, of: relation)
    }

    /// Whether a tuple of a store counts. See ``problem(with:)``.
    public func fits(_ tuple: RelationshipTuple) -> Bool { problem(with: tuple) == nil }

    /// What is wrong with writing a tuple into a store.
    public func problem(writing tuple: RelationshipTuple) -> TupleProblem? {
        if let problem = problem(with: tuple) { return problem }
        if case .userset(let object, let relation) = tuple.key.user, object == tuple.key.object, relation == tuple.key.relation { return .implicit }
        let bytes = tuple.condition?.context.encodedSize ?? 0
        return bytes > Self.maximumContextBytes ? .contextTooLarge(bytes: bytes) : nil
    }

    // MARK: Conditions

    private func conditionProblem(with tuple: RelationshipTuple, of relation: Relation) -> TupleProblem? {
        let allowed = relation.allowed[UserKind(tuple.key.user)] ?? []
        guard let condition = tuple.condition else { return allowed.contains(nil) ? nil : .invalidCondition("condition is missing") }
        guard let compiled = conditions[condition.name] else { return .invalidCondition("undefined condition") }
        guard allowed.contains(condition.name) else { return .invalidCondition("invalid condition for type restriction") }
        guard condition.context.values.allSatisfy({ $0.isNested(within: ContextValue.maximumNesting) }) else {
            return .invalidCondition("the context is nested more than \(ContextValue.maximumNesting) deep")
        }
        return compiled.problem(with: condition.context).map(TupleProblem.invalidCondition)
    }
}

extension TupleRules.Relation {
    fileprivate init(_ definition: RelationDefinition, isTupleset: Bool) {
        self.isTupleset = isTupleset
        for restriction in definition.directTypes {
            allowed[TupleRules.UserKind(type: restriction.type, form: restriction.form), default: []].insert(restriction.condition)
        }
    }

    fileprivate func problem(with key: TupleKey) -> TupleProblem? {
        let isAllowed = allowed[TupleRules.UserKind(key.user)] != nil
        if isAllowed, !isTupleset { return nil }
        let relation = "'\(key.object.type)#\(key.relation)'"
        switch key.user {
        case .wildcard where isTupleset: return .notAllowed("unexpected wildcard relationship with tupleset relation \(relation)")
        case .userset where isTupleset: return .notAllowed("unexpected user '\(key.user)' with tupleset relation \(relation)")
        case _ where isAllowed: return nil
        case .object: return .notAllowed("type '\(key.user.type)' is not an allowed type restriction for \(relation)")
        case .wildcard: return .notAllowed("the typed wildcard '\(key.user)' is not an allowed type restriction for \(relation)")
        case .userset(_, let other): return .notAllowed("'\(key.user.type)#\(other)' is not an allowed type restriction for \(relation)")
        }
    }
}

extension TupleRules.UserKind {
    fileprivate init(_ user: UserReference) {
        type = user.type
        switch user {
        case .object: form = .object
        case .wildcard: form = .wildcard
        case .userset(_, let relation): form = .userset(relation: relation)
        }
    }
}
