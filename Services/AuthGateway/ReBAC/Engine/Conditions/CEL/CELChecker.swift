/// Gives every part of an expression its type, and refuses what has none.
struct CELChecker: Sendable {
    private struct Variable {
        let place: Int
        let type: CELType
    }

    private var variables: [String: Variable] = [:]
    /// How many values an evaluation needs to have at hand: the parameters' and, after them, those of macros.
    private(set) var places: Int
    private var nextPlace: Int

    init(parameters: [ConditionParameter]) {
        for (place, parameter) in parameters.enumerated() {
            variables[parameter.name] = Variable(place: place, type: CELType(parameter.type))
        }
        places = parameters.count
        nextPlace = parameters.count
    }

    typealias Checked = (node: CELNode, type: CELType)

    mutating func check(_ expression: CELExpression) throws(CELProblem) -> Checked {
        switch expression.kind {
        case .literal(let value): return (.constant(value), value.type)
        case .identifier(let name): return try identifier(name, at: expression.offset)
        case .select(let operand, let field): return try selection(of: field, from: operand, at: expression.offset)
        case .call(let target, let name, let arguments): return try call(name, on: target, arguments, at: expression.offset)
        case .operation(let function, let operands): return try apply(function, to: operands, isMethod: false, at: expression.offset)
        case .and(let operands): return (.and(try predicates(operands)), .bool)
        case .or(let operands): return (.or(try predicates(operands)), .bool)
        case .conditional(let condition, let then, let otherwise): return try conditional(condition, then, otherwise, at: expression.offset)
        case .list(let elements): return try list(elements)
        case .map(let entries): return try map(entries, at: expression.offset)
        }
    }

    // MARK: - Names

    private func identifier(_ name: String, at offset: Int) throws(CELProblem) -> Checked {
        if let variable = variables[name] { return (.variable(variable.place), variable.type) }
        if let type = Self.typeNames[name] { return (.constant(.type(type)), .type) }
        throw CELProblem("undeclared reference to '\(name)' (in container '')", at: offset)
    }

    private static let typeNames: [String: CELType] = [
        "bool": .bool, "bytes": .bytes, "double": .double, "int": .int, "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null,
        "string": .string, "type": .type, "uint": .uint,
    ]

    private mutating func selection(of field: String, from operand: CELExpression, at offset: Int) throws(CELProblem) -> Checked {
        let (node, type) = try check(operand)
        return (.select(node, key: .string(CELString(field)), field: field), try fieldType(of: type, at: offset))
    }

    private func fieldType(of type: CELType, at offset: Int) throws(CELProblem) -> CELType {
        switch type {
        case .dyn: return .dyn
        case .map(let key, let value) where CELType.string.isAssignable(to: key): return value
        default: throw CELProblem("type '\(type)' does not support field selection", at: offset)
        }
    }

    // MARK: - Operators

    private mutating func predicates(_ operands: [CELExpression]) throws(CELProblem) -> [CELNode] {
        var nodes: [CELNode] = []
        for operand in operands { nodes.append(try predicate(operand)) }
        return nodes
    }

    private mutating func predicate(_ expression: CELExpression) throws(CELProblem) -> CELNode {
        let (node, type) = try check(expression)
        guard type.isAssignable(to: .bool) else { throw CELProblem("expected type 'bool' but found '\(type)'", at: expression.offset) }
        return node
    }

    private mutating func conditional(
        _ condition: CELExpression, _ then: CELExpression, _ otherwise: CELExpression, at offset: Int
    ) throws(CELProblem) -> Checked {
        let condition = try predicate(condition)
        let (then, thenType) = try check(then)
        let (otherwise, otherwiseType) = try check(otherwise)
        guard let type = thenType.joined(with: otherwiseType) else {
            throw Self.noOverload("_?_:_", [.bool, thenType, otherwiseType], isMethod: false, at: offset)
        }
        return (.conditional(condition, then: then, otherwise: otherwise), type)
    }

    private mutating func list(_ elements: [CELExpression]) throws(CELProblem) -> Checked {
        var nodes: [CELNode] = []
        var elementType: CELType?
        for element in elements {
            let (node, type) = try check(element)
            nodes.append(node)
            elementType = elementType.map { $0.joined(with: type) ?? .dyn } ?? type
        }
        let constants = nodes.compactMap(\.constant)
        return (constants.count == nodes.count ? .constant(.list(constants)) : .list(nodes), .list(elementType ?? .dyn))
    }

    private mutating func map(
        _ entries: [(key: CELExpression, value: CELExpression)], at offset: Int
    ) throws(CELProblem) -> Checked {
        var nodes: [(key: CELNode, value: CELNode)] = []
        var types: (key: CELType, value: CELType)?
        for entry in entries {
            let (key, keyType) = try check(entry.key)
            guard [.dyn, .bool, .int, .uint, .string].contains(keyType) else {
                throw CELProblem("unsupported key type '\(keyType)'", at: entry.key.offset)
            }
            let (value, valueType) = try check(entry.value)
            nodes.append((key, value))
            types = types.map { ($0.key.joined(with: keyType) ?? .dyn, $0.value.joined(with: valueType) ?? .dyn) } ?? (keyType, valueType)
        }
        let type = CELType.map(types?.key ?? .dyn, types?.value ?? .dyn)
        let constants = nodes.compactMap { node in node.key.constant.flatMap { key in node.value.constant.map { (key, $0) } } }
        guard constants.count == nodes.count else { return (.map(nodes), type) }
        do throws(CELError) {
            return (.constant(try CELValue.map(of: constants)), type)
        } catch {
            throw CELProblem(error.reason, at: offset)
        }
    }

    // MARK: - Calls

    private mutating func call(
        _ name: String, on target: CELExpression?, _ arguments: [CELExpression], at offset: Int
    ) throws(CELProblem) -> Checked {
        if let target, let comprehension = try comprehension(name, over: target, arguments) { return comprehension }
        if target == nil, name == "has", arguments.count == 1 { return try has(arguments[0]) }
        guard let function = CELFunction.callable[name] else {
            throw CELProblem("undeclared reference to '\(name)' (in container '')", at: offset)
        }
        return try apply(function, to: (target.map { [$0] } ?? []) + arguments, isMethod: target != nil, at: offset)
    }

    private mutating func has(_ argument: CELExpression) throws(CELProblem) -> Checked {
        guard case .select(let operand, let field) = argument.kind else {
            throw CELProblem("invalid argument to has() macro: write has(a.b)", at: argument.offset)
        }
        let (node, type) = try check(operand)
        _ = try fieldType(of: type, at: argument.offset)
        return (.has(node, key: .string(CELString(field))), .bool)
    }

    private mutating func apply(
        _ function: CELFunction, to operands: [CELExpression], isMethod: Bool, at offset: Int
    ) throws(CELProblem) -> Checked {
        var nodes: [CELNode] = []
        var types: [CELType] = []
        for operand in operands {
            let (node, type) = try check(operand)
            nodes.append(node)
            types.append(type)
        }
        guard let type = function.result(of: types, isMethod: isMethod) else {
            throw Self.noOverload(function.rawValue, types, isMethod: isMethod, at: offset)
        }
        do throws(CELError) {
            return (try Self.simplified(function, nodes), type)
        } catch {
            throw CELProblem(error.reason, at: offset)
        }
    }

    /// Does what can be done before any value is known: literals are converted, patterns and time zones read. What fails then always would.
    private static func simplified(_ function: CELFunction, _ nodes: [CELNode]) throws(CELError) -> CELNode {
        if function.isConversion, nodes.count == 1, let value = nodes[0].constant {
            return .constant(try function.apply([value]))
        }
        guard nodes.count == 2, case .string(let text) = nodes[1].constant else { return .call(function, nodes) }
        if function == .matches { return .matches(nodes[0], try RegularExpression(text.text)) }
        if function.isOfClock { _ = try TimeZoneOffset.seconds(text.text) }
        return .call(function, nodes)
    }

    private static func noOverload(_ function: String, _ types: [CELType], isMethod: Bool, at offset: Int) -> CELProblem {
        let names = types.map(\.description)
        let arguments = isMethod ? "\(names[0]).(\(names.dropFirst().joined(separator: ", ")))" : "(\(names.joined(separator: ", ")))"
        return CELProblem("found no matching overload for '\(function)' applied to '\(arguments)'", at: offset)
    }
}

// MARK: - Macros

extension CELChecker {
    /// Nil where the call is of no macro.
    private mutating func comprehension(
        _ name: String, over range: CELExpression, _ arguments: [CELExpression]
    ) throws(CELProblem) -> Checked? {
        guard let kind = Self.comprehensions[name], arguments.count == 2 || kind == .map && arguments.count == 3 else { return nil }
        guard case .identifier(let variable) = arguments[0].kind else {
            throw CELProblem("argument must be a simple name", at: arguments[0].offset)
        }
        let (rangeNode, rangeType) = try check(range)
        let element = try Self.elementType(of: rangeType, at: range.offset)

        let hidden = variables[variable]
        let place = nextPlace
        variables[variable] = Variable(place: place, type: element)
        nextPlace += 1
        places = max(places, nextPlace)
        defer {
            variables[variable] = hidden
            nextPlace -= 1
        }

        let comprehend = { (predicate: CELNode?, transform: CELNode?) in
            CELNode.comprehension(
                CELComprehension(kind: kind, range: rangeNode, variable: place, predicate: predicate, transform: transform))
        }
        guard kind == .map else {
            return (comprehend(try predicate(arguments[1]), nil), kind == .filter ? .list(element) : .bool)
        }
        let wanted = arguments.count == 3 ? try predicate(arguments[1]) : nil
        let (transform, type) = try check(arguments[arguments.count - 1])
        return (comprehend(wanted, transform), .list(type))
    }

    private static let comprehensions: [String: CELComprehension.Kind] = [
        "all": .all, "exists": .exists, "exists_one": .existsOne, "existsOne": .existsOne, "map": .map, "filter": .filter,
    ]

    private static func elementType(of range: CELType, at offset: Int) throws(CELProblem) -> CELType {
        switch range {
        case .dyn: return .dyn
        case .list(let element): return element
        case .map(let key, _): return key
        default: throw CELProblem("expression of type '\(range)' cannot be range of a comprehension (must be list, map, or dynamic)", at: offset)
        }
    }
}
