/// A part of an expression that has been checked: names are places, literals are values.
indirect enum CELNode: Sendable {
    case constant(CELValue)
    /// A parameter or the variable of a macro, by its place among the values at hand.
    case variable(Int)
    case select(CELNode, key: CELMapKey, field: String)
    /// `has(operand.field)`.
    case has(CELNode, key: CELMapKey)
    case and([CELNode])
    case or([CELNode])
    case conditional(CELNode, then: CELNode, otherwise: CELNode)
    case call(CELFunction, [CELNode])
    /// `operand.matches('…')` with a pattern that is known when the model is loaded.
    case matches(CELNode, RegularExpression)
    case list([CELNode])
    case map([(key: CELNode, value: CELNode)])
    case comprehension(CELComprehension)

    var constant: CELValue? {
        if case .constant(let value) = self { value } else { nil }
    }

    /// Whether it is a variable with fields and indices.
    var isPath: Bool {
        switch self {
        case .variable: true
        case .select(let operand, _, _): operand.isPath
        case .call(.index, let operands): operands.first?.isPath ?? false
        default: false
        }
    }
}

/// A macro over the elements of a list or the keys of a map.
struct CELComprehension: Sendable {
    enum Kind: Sendable {
        case all, exists, existsOne, map, filter
    }

    let kind: Kind
    let range: CELNode
    /// Where the element stands among the values at hand.
    let variable: Int
    /// Which elements count; for `map` absent if all do.
    let predicate: CELNode?
    /// Of `map` alone: what becomes of an element.
    let transform: CELNode?
}
