/// What expressions can compute: CEL's operators and standard functions, and OpenFGA's own for addresses.
enum CELFunction: String, Sendable, Hashable, CaseIterable {
    case not = "!_"
    case negate = "-_"
    case add = "_+_"
    case subtract = "_-_"
    case multiply = "_*_"
    case divide = "_/_"
    case modulo = "_%_"
    case equal = "_==_"
    case notEqual = "_!=_"
    case less = "_<_"
    case lessOrEqual = "_<=_"
    case greater = "_>_"
    case greaterOrEqual = "_>=_"
    case `in` = "@in"
    case index = "_[_]"

    case size, contains, startsWith, endsWith, matches
    case type, dyn, int, uint, double, string, bool, bytes, timestamp, duration
    case ipaddress
    case inCIDR = "in_cidr"
    case getFullYear, getMonth, getDayOfYear, getDayOfMonth, getDate, getDayOfWeek, getHours, getMinutes, getSeconds, getMilliseconds

    /// Those that a call can name; operators have names that none can.
    static let callable: [String: CELFunction] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0.rawValue.allSatisfy(\.isLetter) || $0 == .inCIDR }.map { ($0.rawValue, $0) })

    /// Whether it turns a literal into a value of another type, which happens once, when the model is loaded.
    var isConversion: Bool {
        switch self {
        case .int, .uint, .double, .string, .bool, .bytes, .timestamp, .duration, .dyn, .type: true
        default: false
        }
    }

    /// The type of the result for arguments of these types, the receiver of a method first; nil where there is no such function.
    func result(of arguments: [CELType], isMethod: Bool) -> CELType? {
        switch (self, arguments.count) {
        case (.equal, 2), (.notEqual, 2): return arguments[0].joined(with: arguments[1]) == nil ? nil : .bool
        case (.in, 2): return Self.isContained(arguments[0], in: arguments[1]) ? .bool : nil
        case (.index, 2): return Self.element(of: arguments[0], at: arguments[1])
        case (.type, 1) where !isMethod: return .type
        case (.dyn, 1) where !isMethod: return .dyn
        case (.add, 2):
            if case .list = arguments[0], case .list = arguments[1] { return arguments[0].joined(with: arguments[1]) }
        default: break
        }
        let results = Set(overloads.filter { $0.accepts(arguments, isMethod: isMethod) }.map(\.result))
        return results.count > 1 ? .dyn : results.first
    }

    private static func isContained(_ element: CELType, in container: CELType) -> Bool {
        switch container {
        case .dyn: true
        case .list(let elements): element.joined(with: elements) != nil
        case .map(let keys, _): element.joined(with: keys) != nil
        default: false
        }
    }

    private static func element(of container: CELType, at index: CELType) -> CELType? {
        switch container {
        case .dyn: .dyn
        case .list(let element): index.isAssignable(to: .int) ? element : nil
        case .map(let key, let value): index.joined(with: key) == nil ? nil : value
        default: nil
        }
    }
}

/// One form of a function.
struct CELOverload: Sendable {
    enum Form: Sendable { case call, method, both }

    let parameters: [CELType]
    let result: CELType
    let form: Form

    func accepts(_ arguments: [CELType], isMethod: Bool) -> Bool {
        guard arguments.count == parameters.count, form == .both || (form == .method) == isMethod else { return false }
        return zip(arguments, parameters).allSatisfy { $0.isAssignable(to: $1) }
    }
}

extension CELFunction {
    /// Except for what works with any type, which ``result(of:isMethod:)`` knows.
    private var overloads: [CELOverload] { Self.overloads[self] ?? [] }

    private static let overloads: [CELFunction: [CELOverload]] = {
        let numbers: [CELType] = [.int, .uint, .double]
        let ordered: [CELType] = [.bool, .string, .bytes, .timestamp, .duration]
        let comparisons = calls(ordered.map { ([$0, $0], .bool) } + numbers.flatMap { left in numbers.map { ([left, $0], .bool) } })
        let text = [CELOverload(parameters: [.string, .string], result: .bool, form: .method)]
        let ofMoment: [CELOverload] = [[.timestamp], [.timestamp, .string]].map { CELOverload(parameters: $0, result: .int, form: .method) }
        let ofMomentOrSpan = ofMoment + [CELOverload(parameters: [.duration], result: .int, form: .method)]
        return [
            .not: calls([([.bool], .bool)]),
            .negate: calls([([.int], .int), ([.double], .double)]),
            .add: calls(
                (numbers + [.string, .bytes, .duration]).map { ([$0, $0], $0) }
                    + [([.timestamp, .duration], .timestamp), ([.duration, .timestamp], .timestamp), ([.list(.dyn), .list(.dyn)], .list(.dyn))]),
            .subtract: calls(
                (numbers + [.duration]).map { ([$0, $0], $0) }
                    + [([.timestamp, .duration], .timestamp), ([.timestamp, .timestamp], .duration)]),
            .multiply: calls(numbers.map { ([$0, $0], $0) }),
            .divide: calls(numbers.map { ([$0, $0], $0) }),
            .modulo: calls([([.int, .int], .int), ([.uint, .uint], .uint)]),
            .less: comparisons, .lessOrEqual: comparisons, .greater: comparisons, .greaterOrEqual: comparisons,
            .size: [.string, .bytes, .list(.dyn), .map(.dyn, .dyn)].map { CELOverload(parameters: [$0], result: .int, form: .both) },
            .contains: text, .startsWith: text, .endsWith: text,
            .matches: [CELOverload(parameters: [.string, .string], result: .bool, form: .both)],
            .int: conversions(from: [.int, .uint, .double, .string, .timestamp, .duration], to: .int),
            .uint: conversions(from: [.uint, .int, .double, .string], to: .uint),
            .double: conversions(from: [.double, .int, .uint, .string], to: .double),
            .string: conversions(from: [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration], to: .string),
            .bool: conversions(from: [.bool, .string], to: .bool),
            .bytes: conversions(from: [.bytes, .string], to: .bytes),
            .timestamp: conversions(from: [.timestamp, .string, .int], to: .timestamp),
            .duration: conversions(from: [.duration, .string, .int], to: .duration),
            .ipaddress: calls([([.string], .ipaddress)]),
            .inCIDR: [CELOverload(parameters: [.ipaddress, .string], result: .bool, form: .method)],
            .getFullYear: ofMoment, .getMonth: ofMoment, .getDayOfYear: ofMoment, .getDayOfMonth: ofMoment, .getDate: ofMoment,
            .getDayOfWeek: ofMoment,
            .getHours: ofMomentOrSpan, .getMinutes: ofMomentOrSpan, .getSeconds: ofMomentOrSpan, .getMilliseconds: ofMomentOrSpan,
        ]
    }()

    private static func calls(_ forms: [([CELType], CELType)]) -> [CELOverload] {
        forms.map { CELOverload(parameters: $0.0, result: $0.1, form: .call) }
    }

    private static func conversions(from types: [CELType], to result: CELType) -> [CELOverload] {
        calls(types.map { ([$0], result) })
    }
}
