/// An expression as it was written.
struct CELExpression: Sendable {
    indirect enum Kind: Sendable {
        case literal(CELValue)
        case identifier(String)
        case select(CELExpression, field: String)
        /// `f(x)`, `x.f(y)` or an operator.
        case call(target: CELExpression?, name: String, arguments: [CELExpression])
        case operation(CELFunction, [CELExpression])
        /// Two or more, all with the same operator between them.
        case and([CELExpression])
        case or([CELExpression])
        case conditional(CELExpression, then: CELExpression, otherwise: CELExpression)
        case list([CELExpression])
        case map([(key: CELExpression, value: CELExpression)])
    }

    /// How deep an expression may be nested. It bounds the stack that reading, checking and deciding it take.
    static let maximumHeight = 128
    /// In code points, as CEL's own parser limits them.
    static let maximumLength = 100_000

    let kind: Kind
    /// In bytes of UTF-8 from the start of the whole expression.
    let offset: Int
    /// Levels of expressions within this one.
    let height: Int

    init(_ kind: Kind, at offset: Int) throws(CELProblem) {
        self.kind = kind
        self.offset = offset
        height = 1 + kind.parts.reduce(0) { max($0, $1.height) }
        guard height <= Self.maximumHeight else { throw Self.tooDeep(offset) }
    }

    static func tooDeep(_ offset: Int) -> CELProblem {
        CELProblem("the expression is nested deeper than \(maximumHeight) levels; split the condition", at: offset)
    }
}

extension CELExpression.Kind {
    fileprivate var parts: [CELExpression] {
        switch self {
        case .literal, .identifier: []
        case .select(let operand, _): [operand]
        case .call(let target, _, let arguments): (target.map { [$0] } ?? []) + arguments
        case .operation(_, let operands), .and(let operands), .or(let operands), .list(let operands): operands
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        }
    }
}
