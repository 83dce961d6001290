/// A proposition about one user: which of the numbered statements must hold for it to hold.
indirect enum Formula {
    case constant(Bool)
    /// Nobody can tell: all tuples that matter have conditions with missing parameters.
    case undecided
    case statement(Int)
    case any([Formula])
    case all([Formula])
    case butNot(Formula, Formula)

    /// With what is assumed of statements that count for it, and of those that count against it.
    func holds(for: [Bool], against: [Bool], undecided: Bool) -> Bool {
        switch self {
        case .constant(let value): value
        case .undecided: undecided
        case .statement(let number): `for`[number]
        case .any(let parts): parts.contains { $0.holds(for: `for`, against: against, undecided: undecided) }
        case .all(let parts): parts.allSatisfy { $0.holds(for: `for`, against: against, undecided: undecided) }
        case .butNot(let base, let subtracted):
            base.holds(for: `for`, against: against, undecided: undecided)
                && !subtracted.holds(for: against, against: `for`, undecided: !undecided)
        }
    }

    /// The statements in it.
    var statements: Set<Int> {
        switch self {
        case .constant, .undecided: []
        case .statement(let number): [number]
        case .any(let parts), .all(let parts): parts.reduce(into: []) { $0.formUnion($1.statements) }
        case .butNot(let base, let subtracted): base.statements.union(subtracted.statements)
        }
    }

    /// The statements in its subtracted parts.
    var subtractedStatements: Set<Int> {
        switch self {
        case .constant, .undecided, .statement: []
        case .any(let parts), .all(let parts): parts.reduce(into: []) { $0.formUnion($1.subtractedStatements) }
        case .butNot(let base, let subtracted): base.subtractedStatements.union(subtracted.statements)
        }
    }
}

/// Statements that define each other, perhaps in circles.
struct Formulas {
    var definitions: [Formula]

    enum Truth { case no, yes, undecided }

    /// The well-founded model: what follows is true, what can in no way follow is false. A circle of `or` and `and` proves nothing; what neither follows nor is
    /// excluded, since a condition cannot be decided or it denies itself, is undecided.
    ///
    /// It is found as an alternating fixpoint: what follows if as much as possible is subtracted, what may follow if as little as possible is, and so on until
    /// both stay.
    func truths() -> [Truth] {
        let none = Array(repeating: false, count: definitions.count)
        var certain = none
        var possible = none.map { !$0 }
        while true {
            let nextCertain = leastFixpoint(against: possible, undecided: false)
            let nextPossible = leastFixpoint(against: nextCertain, undecided: true)
            if nextCertain == certain, nextPossible == possible { break }
            (certain, possible) = (nextCertain, nextPossible)
        }
        return definitions.indices.map { certain[$0] ? .yes : possible[$0] ? .undecided : .no }
    }

    private func leastFixpoint(against: [Bool], undecided: Bool) -> [Bool] {
        var known = Array(repeating: false, count: definitions.count)
        while true {
            var grew = false
            for index in definitions.indices where !known[index] && definitions[index].holds(for: known, against: against, undecided: undecided) {
                known[index] = true
                grew = true
            }
            if !grew { return known }
        }
    }

    /// The statements whose answer may hang on a subtracted part that leads into a circle.
    ///
    /// OpenFGA refuses `a but not b` if looking for `b` meets a question again that is being looked for, although `b` is then false. But which questions it meets
    /// depends on which branch is faster, and its short cuts for simple recursion do not see circles at all: there is no one answer to compare with.
    func subtractingCircles() -> [Bool] {
        guard definitions.contains(where: { !$0.subtractedStatements.isEmpty }) else { return definitions.map { _ in false } }
        let reachable = reachableStatements()
        let circular = Set(definitions.indices.filter { reachable[$0].contains($0) })
        let subtracting = Set(
            definitions.indices.filter { index in
                definitions[index].subtractedStatements.contains { circular.contains($0) || !reachable[$0].isDisjoint(with: circular) }
            })
        return definitions.indices.map { subtracting.contains($0) || !reachable[$0].isDisjoint(with: subtracting) }
    }

    /// For each statement those that it depends on through any number of steps.
    private func reachableStatements() -> [Set<Int>] {
        var reachable = definitions.map(\.statements)
        while true {
            var grew = false
            for index in reachable.indices {
                let further = reachable[index].reduce(into: reachable[index]) { $0.formUnion(reachable[$1]) }
                if further.count > reachable[index].count {
                    reachable[index] = further
                    grew = true
                }
            }
            if !grew { return reachable }
        }
    }
}
