/// One evaluation of an expression: the values that names stand for, and what it has cost so far.
///
/// The cost is that of Google's implementation in Go, by which OpenFGA limits conditions: it grows with the sizes of what is compared, searched and
/// walked through, so that it bounds the time whatever the values are.
struct CELEvaluation {
    /// OpenFGA's default, below which it cannot be set.
    static let maximumCost = 100

    private var values: [CELValue]
    private var cost = 0

    init(_ arguments: [CELValue], places: Int) {
        values = arguments + Array(repeating: .null, count: max(0, places - arguments.count))
    }

    /// The value of what must be a bool.
    mutating func decide(_ node: CELNode) throws(CELError) -> Bool {
        let value = try evaluate(node)
        guard case .bool(let bool) = value else { throw CELError("no such overload: expected a bool, but found '\(value.type)'") }
        return bool
    }

    mutating func evaluate(_ node: CELNode) throws(CELError) -> CELValue {
        switch node {
        case .constant(let value): return value
        case .variable(let place):
            try charge(1)
            return values[place]
        case .select(let operand, let key, let field): return try select(key, field, from: operand)
        case .has(let operand, let key): return .bool(try entries(of: try evaluateBase(operand), charging: 1)[key] != nil)
        case .and(let operands): return .bool(try conjunction(operands))
        case .or(let operands): return .bool(try !conjunction(operands, negated: true))
        case .conditional(let condition, let then, let otherwise): return try evaluateBranch(try decide(condition) ? then : otherwise)
        case .call(.index, let operands) where operands.count == 2: return try index(operands[0], operands[1])
        case .call(let function, let arguments): return try call(function, arguments)
        case .matches(let operand, let pattern): return try matches(operand, pattern)
        case .list(let elements):
            let list = try evaluate(elements)
            try charge(10)
            return .list(list)
        case .map(let entries): return try map(entries)
        case .comprehension(let comprehension): return try comprehend(comprehension)
        }
    }

    private mutating func evaluate(_ nodes: [CELNode]) throws(CELError) -> [CELValue] {
        var values: [CELValue] = []
        values.reserveCapacity(nodes.count)
        for node in nodes { values.append(try evaluate(node)) }
        return values
    }

    private mutating func charge(_ amount: Int) throws(CELError) {
        cost += amount
        guard cost <= Self.maximumCost else { throw CELError("operation cancelled: actual cost limit exceeded", isFinal: true) }
    }

    // MARK: - Operators

    /// Whether all operands are true or, negated, whether all are false. One that is not makes up for errors of others, whatever their order.
    private mutating func conjunction(_ operands: [CELNode], negated: Bool = false) throws(CELError) -> Bool {
        var failure: CELError?
        for operand in operands {
            do throws(CELError) {
                if try decide(operand) == negated { return false }
            } catch {
                guard !error.isFinal else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return true
    }

    /// A path costs a step less here than elsewhere: Google's implementation does not count where it starts.
    private mutating func evaluateBranch(_ node: CELNode) throws(CELError) -> CELValue {
        if node.isPath { cost -= 1 }
        return try evaluate(node)
    }

    private mutating func call(_ function: CELFunction, _ nodes: [CELNode]) throws(CELError) -> CELValue {
        let arguments = try evaluate(nodes)
        // Google's implementation looks constants up in a set.
        let isLookup = function == .in && nodes.last?.constant != nil
        try charge(isLookup ? 0 : function.cost(of: arguments))
        return try function.apply(arguments)
    }

    private mutating func matches(_ operand: CELNode, _ pattern: RegularExpression) throws(CELError) -> CELValue {
        let value = try evaluate(operand)
        guard case .string(let string) = value else { throw .noOverload("matches", [value, .string("")]) }
        try charge(CELFunction.costOfMatching(string.count, patternLength: pattern.length))
        return .bool(pattern.matches(string.text))
    }

    private mutating func map(_ nodes: [(key: CELNode, value: CELNode)]) throws(CELError) -> CELValue {
        var entries: [(CELValue, CELValue)] = []
        for node in nodes { entries.append((try evaluate(node.key), try evaluate(node.value))) }
        try charge(30)
        return try CELValue.map(of: entries)
    }

    // MARK: - Fields and indices

    private mutating func select(_ key: CELMapKey, _ field: String, from operand: CELNode) throws(CELError) -> CELValue {
        guard let value = try entries(of: try evaluateBase(operand), charging: 1)[key] else { throw CELError("no such key: \(field)") }
        return value
    }

    private mutating func index(_ operand: CELNode, _ index: CELNode) throws(CELError) -> CELValue {
        let container = try evaluateBase(operand)
        let index = try evaluate(index)
        try charge(1)
        return try CELFunction.index.apply([container, index])
    }

    /// The start of a path costs as much as one of its steps.
    private mutating func evaluateBase(_ node: CELNode) throws(CELError) -> CELValue {
        let value = try evaluate(node)
        switch node {
        case .variable, .select, .call(.index, _), .conditional: break
        default: try charge(1)
        }
        return value
    }

    private mutating func entries(of value: CELValue, charging amount: Int) throws(CELError) -> [CELMapKey: CELValue] {
        try charge(amount)
        guard case .map(let entries) = value else { throw CELError("unsupported field selection on a value of type '\(value.type)'") }
        return entries
    }
}

// MARK: - Macros

extension CELEvaluation {
    private mutating func comprehend(_ comprehension: CELComprehension) throws(CELError) -> CELValue {
        let elements = try elements(of: try evaluate(comprehension.range))
        switch comprehension.kind {
        case .all: return .bool(try quantify(comprehension, over: elements, stoppingAt: false, costOfStep: 3, costOfEnd: 2))
        case .exists: return .bool(try quantify(comprehension, over: elements, stoppingAt: true, costOfStep: 4, costOfEnd: 3))
        case .existsOne: return .bool(try existsOne(comprehension, in: elements))
        case .map, .filter: return try transform(comprehension, elements)
        }
    }

    private func elements(of range: CELValue) throws(CELError) -> [CELValue] {
        switch range {
        case .list(let elements): return elements
        case .map(let entries):
            // In an order of its own, so that the cost does not depend on chance; and none of more keys than can be paid for.
            guard entries.count <= Self.maximumCost else { throw CELError("operation cancelled: actual cost limit exceeded", isFinal: true) }
            return entries.keys.sorted().map(\.value)
        default: throw CELError("no such overload: a macro over a value of type '\(range.type)'")
        }
    }

    /// Whether the predicate is `!outcome` for every element, or else `outcome`; an element with `outcome` makes up for errors with others.
    private mutating func quantify(
        _ comprehension: CELComprehension, over elements: [CELValue], stoppingAt outcome: Bool, costOfStep: Int, costOfEnd: Int
    ) throws(CELError) -> Bool {
        var failure: CELError?
        for element in elements {
            values[comprehension.variable] = element
            do throws(CELError) {
                try charge(costOfStep)
                if try isWanted(comprehension) == outcome {
                    try charge(costOfEnd + 1)
                    return outcome
                }
            } catch {
                guard !error.isFinal else { throw error }
                failure = failure ?? error
            }
        }
        try charge(1)
        if let failure { throw failure }
        return !outcome
    }

    private mutating func existsOne(_ comprehension: CELComprehension, in elements: [CELValue]) throws(CELError) -> Bool {
        var count = 0
        for element in elements {
            values[comprehension.variable] = element
            guard try isWanted(comprehension) else { continue }
            try charge(2)
            count += 1
        }
        try charge(2)
        return count == 1
    }

    private mutating func transform(_ comprehension: CELComprehension, _ elements: [CELValue]) throws(CELError) -> CELValue {
        var results: [CELValue] = []
        for element in elements {
            values[comprehension.variable] = element
            guard try isWanted(comprehension) else { continue }
            if let transform = comprehension.transform {
                results.append(try evaluate(transform))
                try charge(12)
            } else {
                results.append(element)
                try charge(13)
            }
        }
        try charge(1)
        return .list(results)
    }

    private mutating func isWanted(_ comprehension: CELComprehension) throws(CELError) -> Bool {
        guard let predicate = comprehension.predicate else { return true }
        return try decide(predicate)
    }
}
