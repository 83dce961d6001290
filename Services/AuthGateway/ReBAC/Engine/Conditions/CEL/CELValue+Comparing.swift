enum CELOrder: Sendable, Hashable {
    case before, same, after

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .before : left == right ? .same : .after
    }

    var reversed: CELOrder {
        switch self {
        case .before: .after
        case .same: .same
        case .after: .before
        }
    }
}

extension CELValue {
    /// CEL's `==`: numbers are equal whatever their types if they are the same number, other values of different types never are.
    func equals(_ other: CELValue) throws(CELError) -> Bool {
        switch (self, other) {
        case (.list(let left), .list(let right)):
            guard left.count == right.count else { return false }
            for (left, right) in zip(left, right) where try !left.equals(right) { return false }
            return true
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return false }
            for (key, value) in left {
                guard let other = right[key], try value.equals(other) else { return false }
            }
            return true
        case (.ipaddress(let left), .ipaddress(let right)): return left == right
        case (.ipaddress, .null): return false
        // OpenFGA's addresses cannot be compared with anything else.
        case (.ipaddress, _): throw .noOverload(CELFunction.equal.rawValue, [self, other])
        default: return numericOrder(to: other).map { $0 == .same } ?? (self == other)
        }
    }

    /// Nil where the types have no order. NaN has none either, which is an error.
    func order(to other: CELValue) throws(CELError) -> CELOrder? {
        switch (self, other) {
        case (.double(let double), _) where double.isNaN, (_, .double(let double)) where double.isNaN:
            throw CELError("NaN values cannot be ordered")
        case (.bool(let left), .bool(let right)): return CELOrder(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)): return CELOrder(left, right)
        case (.bytes(let left), .bytes(let right)):
            return left == right ? .same : left.lexicographicallyPrecedes(right) ? .before : .after
        case (.timestamp(let left), .timestamp(let right)): return CELOrder(left, right)
        case (.duration(let left), .duration(let right)): return CELOrder(left, right)
        default: return numericOrder(to: other)
        }
    }

    /// By their exact values; nil unless both are numbers other than NaN.
    private func numericOrder(to other: CELValue) -> CELOrder? {
        switch (self, other) {
        case (.int(let left), .int(let right)): CELOrder(left, right)
        case (.uint(let left), .uint(let right)): CELOrder(left, right)
        case (.int(let left), .uint(let right)): left < 0 ? .before : CELOrder(UInt64(left), right)
        case (.uint, .int), (.double, .int), (.double, .uint): other.numericOrder(to: self)?.reversed
        case (.double(let left), .double(let right)): left.isNaN || right.isNaN ? nil : CELOrder(left, right)
        case (.int(let left), .double(let right)): Self.order(left, right)
        case (.uint(let left), .double(let right)): Self.order(left, right)
        default: nil
        }
    }

    private static func order<Integer: FixedWidthInteger>(_ left: Integer, _ right: Double) -> CELOrder? {
        guard !right.isNaN else { return nil }
        let whole = right.rounded(.down)
        guard let integer = Integer(exactly: whole) else { return right < 0 ? .after : .before }
        guard left == integer else { return CELOrder(left, integer) }
        return whole == right ? .same : .before
    }
}
