/// What listing objects and listing users have in common: taking what an expansion finds, and checking it where the way there does not suffice.
struct Listing {
    /// With the tuples of the request.
    let evaluator: Evaluator
    let context: ConditionContext
    let limits: EvaluationLimits
    /// 0: any number.
    let maximum: Int

    /// - Parameter element: What a place stands for, and the question that confirms it.
    func collect<Element>(
        _ expansion: Expansion, element: (Expansion.Place) -> (Element, question: TupleKey)
    ) throws(EvaluationFailure) -> [Element] {
        var expansion = expansion
        var found: [Element] = []
        var undecided: EvaluationFailure?
        while !isEnough(found.count), let place = try expansion.next() {
            let (element, question) = element(place)
            do throws(EvaluationFailure) {
                if try place.standing == .sufficient ? true : evaluator.check(question, context: context, limits: limits) { found.append(element) }
            } catch {
                switch error {
                case .timedOut: return found
                case .undecidedCondition: undecided = undecided ?? error
                case .invalidQuestion, .tooDeep: throw error
                }
            }
        }
        guard let failure = expansion.failure ?? undecided, !isEnough(found.count), !expansion.isOver else { return found }
        throw failure
    }

    private func isEnough(_ count: Int) -> Bool { maximum > 0 && count >= maximum }
}

extension CompiledModel {
    /// - Returns: The number of a relation of a type.
    /// - Throws: ``EvaluationFailure/invalidQuestion(_:)`` if there is none.
    func askable(_ relation: String, of type: String) throws(EvaluationFailure) -> Int {
        try requireType(type)
        guard let number = self.relation(relation, of: type) else { throw .invalidQuestion("\(TupleProblem.unknownRelation(relation, type: type))") }
        return number
    }

    /// - Throws: ``EvaluationFailure/invalidQuestion(_:)`` if there can be no users of the kind.
    func requireAskable(_ filter: UserFilter) throws(EvaluationFailure) {
        try requireType(filter.type)
        if let relation = filter.relation { _ = try askable(relation, of: filter.type) }
    }

    private func requireType(_ type: String) throws(EvaluationFailure) {
        guard number(of: type) != nil else { throw .invalidQuestion("\(TupleProblem.unknownType(type))") }
    }
}
