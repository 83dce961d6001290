import ReBAC

/// Whether questions and tuples fit a model.
extension Administration {
    static func check(_ key: TupleKey, toBeAskedOf rules: TupleRules) throws(OpenFGAError) {
        if let problem = rules.problem(asking: key) { throw OpenFGAError(.validationError, "\(problem)") }
    }

    static func check(_ tuple: RelationshipTuple, toBeWrittenFor rules: TupleRules) throws(OpenFGAError) {
        if let problem = rules.problem(writing: tuple) { throw OpenFGAError(.validationError, problem.message(about: tuple)) }
    }

    /// For a tuple that a request brings along.
    static func check(_ tuple: RelationshipTuple, toBeAssumedFor rules: TupleRules) throws(OpenFGAError) {
        if let problem = rules.problem(with: tuple) { throw OpenFGAError(.invalidTuple, problem.message(about: tuple)) }
    }
}
