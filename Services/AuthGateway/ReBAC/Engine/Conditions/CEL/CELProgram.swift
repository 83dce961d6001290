/// An expression that has been read and checked.
struct CELProgram: Sendable {
    private let root: CELNode
    /// How many values are at hand at most: the parameters' and those of macros' variables.
    private let places: Int

    init(_ text: String, parameters: [ConditionParameter]) throws(CELProblem) {
        var checker = CELChecker(parameters: parameters)
        let (root, type) = try checker.check(try CELParser.parse(text))
        guard type == .bool else { throw CELProblem("expected a bool condition expression output, but got '\(type)'", at: nil) }
        self.root = root
        places = checker.places
    }

    /// - Parameter arguments: the parameters' values in the order of their declaration.
    func evaluate(_ arguments: [CELValue]) throws(CELError) -> Bool {
        var evaluation = CELEvaluation(arguments, places: places)
        return try evaluation.decide(root)
    }
}
