extension CELFunction {
    func negate(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .int(let int):
            guard int != .min else { throw Self.overflow("integer") }
            return .int(-int)
        case .double(let double): return .double(-double)
        default: throw .noOverload(rawValue, [value])
        }
    }

    /// `+ - * / %`. Numbers are never converted; what does not fit its type is an error.
    func calculate(_ left: CELValue, _ right: CELValue) throws(CELError) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try integer(left, right, "integer"))
        case (.uint(let left), .uint(let right)): return .uint(try integer(left, right, "unsigned integer"))
        case (.double(let left), .double(let right)) where self != .modulo: return .double(floatingPoint(left, right))
        case (.duration, _), (.timestamp, _): return try timeSpan(left, right)
        case (.string(let left), .string(let right)) where self == .add: return .string(left.text + right.text)
        case (.bytes(let left), .bytes(let right)) where self == .add: return .bytes(left + right)
        case (.list(let left), .list(let right)) where self == .add: return .list(left + right)
        default: throw .noOverload(rawValue, [left, right])
        }
    }

    private func integer<Number: FixedWidthInteger>(_ left: Number, _ right: Number, _ typeName: String) throws(CELError) -> Number {
        let (result, overflow): (Number, Bool)
        switch self {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .modulo:
            guard right != 0 else { throw CELError("modulus by zero") }
            (result, overflow) = left.remainderReportingOverflow(dividingBy: right)
        default:
            guard right != 0 else { throw CELError("division by zero") }
            (result, overflow) = left.dividedReportingOverflow(by: right)
        }
        guard !overflow else { throw Self.overflow(typeName) }
        return result
    }

    private func floatingPoint(_ left: Double, _ right: Double) -> Double {
        switch self {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        default: left / right
        }
    }

    private func timeSpan(_ left: CELValue, _ right: CELValue) throws(CELError) -> CELValue {
        let moment: CELTimestamp?
        switch (self, left, right) {
        case (.add, .duration(let left), .duration(let right)):
            return .duration(CELDuration(nanoseconds: try integer(left.nanoseconds, right.nanoseconds, "duration")))
        case (.subtract, .duration(let left), .duration(let right)):
            return .duration(CELDuration(nanoseconds: try integer(left.nanoseconds, right.nanoseconds, "duration")))
        case (.subtract, .timestamp(let left), .timestamp(let right)):
            guard let duration = left.duration(since: right) else { throw Self.overflow("duration") }
            return .duration(duration)
        case (.add, .timestamp(let timestamp), .duration(let duration)), (.add, .duration(let duration), .timestamp(let timestamp)):
            moment = timestamp.adding(duration)
        case (.subtract, .timestamp(let timestamp), .duration(let duration)):
            guard duration.nanoseconds != .min else { throw Self.overflow("timestamp") }
            moment = timestamp.adding(CELDuration(nanoseconds: -duration.nanoseconds))
        default: throw .noOverload(rawValue, [left, right])
        }
        guard let moment else { throw Self.overflow("timestamp") }
        return .timestamp(moment)
    }

    private static func overflow(_ typeName: String) -> CELError { CELError("\(typeName) overflow") }
}
