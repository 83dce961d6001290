extension Evaluator {
    /// The users of a kind who have a relation to an object: those for whom ``check(_:contextualTuples:context:limits:)`` says yes.
    ///
    /// Everyone of a type is one `user:*` in the answer; users whom tuples name stand beside it. As OpenFGA's ListUsers does it walks from the object to its
    /// users; where an `and` or `but not` has its say, it checks. (OpenFGA combines sets of users instead; with wildcards in one `but not` within another it
    /// lists users whom its Check refuses. This never does.) The answer has at most as many users as wanted, and only those that were found if the time is over
    /// before all are.
    /// - Parameter maximum: How many users are wanted; 0: all.
    /// - Returns: Each user once, in no particular order.
    /// - Throws: ``EvaluationFailure/invalidQuestion(_:)``; ``EvaluationFailure/undecidedCondition(name:reason:)`` if a condition on the way could not be decided
    ///   and fewer users were found than wanted; ``EvaluationFailure/tooDeep`` if there are more steps to a userset than the limits allow (those from one relation
    ///   to another of the same object count here, too), or if a user must be checked and is too deep for that. Being out of time is no failure.
    public func listUsers(
        of object: ObjectReference, relation: String, filter: UserFilter, contextualTuples: [RelationshipTuple] = [], context: ConditionContext = [:],
        limits: EvaluationLimits, maximum: Int = 1000
    ) throws(EvaluationFailure) -> [UserReference] {
        let tuples = try tuples(adding: contextualTuples)
        try model.requireAskable(filter)
        let start = try model.askable(relation, of: object.type)
        let goals = Set(filter.references.compactMap { model.number(of: $0) })
        let graph = UsersetGraph(from: goals, to: start, model: model, tuples: tuples)
        let reading = ListReading(model: model, tuples: tuples, context: context, deadline: limits.deadline)
        let listing = Listing(evaluator: Evaluator(model: model, tuples: tuples), context: context, limits: limits, maximum: maximum)
        let place = Expansion.Place(reference: start, name: tuples.name(object.id))
        return try listing.collect(Expansion(graph, .down, from: [place], to: goals, reading: reading, depth: limits.depth)) { place in
            // Only an object that the question itself names can be without a number.
            let id = place.name == NameTable.unknown ? object.id : tuples.id(ofName: place.name)
            let user = filter.user(id: id, as: model.references[place.reference])
            return (user, TupleKey(object: object, relation: relation, user: user))
        }
    }
}

extension UserFilter {
    /// ``UserReference/reference`` of what is wanted.
    fileprivate var references: [String] { relation.map { ["\(type)#\($0)"] } ?? [type, "\(type):*"] }

    fileprivate func user(id: String, as reference: String) -> UserReference {
        let object = ObjectReference(type: type, id: id)
        if let relation { return .userset(object, relation: relation) }
        return reference == type ? .object(object) : .wildcard(type: type)
    }
}
