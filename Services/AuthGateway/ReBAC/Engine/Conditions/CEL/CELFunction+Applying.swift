extension CELFunction {
    /// The value for these arguments, the receiver of a method first.
    func apply(_ arguments: [CELValue]) throws(CELError) -> CELValue {
        switch (self, arguments.count) {
        case (.not, 1):
            guard case .bool(let bool) = arguments[0] else { throw .noOverload(rawValue, arguments) }
            return .bool(!bool)
        case (.negate, 1): return try negate(arguments[0])
        case (.add, 2), (.subtract, 2), (.multiply, 2), (.divide, 2), (.modulo, 2): return try calculate(arguments[0], arguments[1])
        case (.equal, 2): return .bool(try arguments[0].equals(arguments[1]))
        case (.notEqual, 2): return .bool(try !arguments[0].equals(arguments[1]))
        case (.less, 2): return .bool(try order(arguments) == .before)
        case (.lessOrEqual, 2): return .bool(try order(arguments) != .after)
        case (.greater, 2): return .bool(try order(arguments) == .after)
        case (.greaterOrEqual, 2): return .bool(try order(arguments) != .before)
        case (.in, 2): return .bool(try isContained(arguments[0], in: arguments[1]))
        case (.index, 2): return try element(of: arguments[0], at: arguments[1])
        case (.size, 1): return .int(Int64(try size(arguments[0])))
        case (.contains, 2), (.startsWith, 2), (.endsWith, 2), (.matches, 2): return .bool(try search(arguments[0], for: arguments[1]))
        case (.ipaddress, 1), (.inCIDR, 2): return try address(arguments)
        case (_, 1) where isConversion: return try convert(arguments[0])
        case (_, 1...2) where isOfClock: return .int(try clock(arguments))
        default: throw .noOverload(rawValue, arguments)
        }
    }

    private func order(_ arguments: [CELValue]) throws(CELError) -> CELOrder {
        guard let order = try arguments[0].order(to: arguments[1]) else { throw .noOverload(rawValue, arguments) }
        return order
    }

    // MARK: - Collections

    private func isContained(_ element: CELValue, in container: CELValue) throws(CELError) -> Bool {
        switch container {
        case .list(let elements):
            for candidate in elements where (try? candidate.equals(element)) == true { return true }
            return false
        case .map(let entries): return CELMapKey(element).map { entries[$0] != nil } ?? false
        default: throw .noOverload(rawValue, [element, container])
        }
    }

    private func element(of container: CELValue, at index: CELValue) throws(CELError) -> CELValue {
        switch container {
        case .list(let elements):
            guard case .int(let key) = CELMapKey(index) else { throw CELError("unsupported index type '\(index.type)' in list") }
            guard let place = Int(exactly: key), elements.indices.contains(place) else { throw CELError("index out of bounds: \(key)") }
            return elements[place]
        case .map(let entries):
            guard let key = CELMapKey(index) else { throw CELError("unsupported key type '\(index.type)' in map") }
            guard let value = entries[key] else { throw CELError("no such key: \(key.text)") }
            return value
        default: throw .noOverload(rawValue, [container, index])
        }
    }

    private func size(_ value: CELValue) throws(CELError) -> Int {
        switch value {
        case .string, .bytes, .list, .map: return value.size
        default: throw .noOverload(rawValue, [value])
        }
    }

    // MARK: - Text and addresses

    private func search(_ value: CELValue, for part: CELValue) throws(CELError) -> Bool {
        guard case .string(let text) = value, case .string(let part) = part else { throw .noOverload(rawValue, [value, part]) }
        return switch self {
        case .startsWith: text.hasPrefix(part)
        case .endsWith: text.hasSuffix(part)
        case .matches: try RegularExpression(part.text).matches(text.text)
        default: text.contains(part)
        }
    }

    private func address(_ arguments: [CELValue]) throws(CELError) -> CELValue {
        switch (arguments.first, arguments.last) {
        case (.string(let text), _) where arguments.count == 1:
            guard let address = IPAddress(parsing: text.text) else { throw CELError("ParseAddr(\"\(text.text)\"): not an IP address") }
            return .ipaddress(address)
        case (.ipaddress(let address), .string(let text)):
            guard let range = AddressRange(parsing: text.text) else { throw CELError("'\(text.text)' is a malformed CIDR string") }
            return .bool(range.contains(address))
        default: throw .noOverload(rawValue, arguments)
        }
    }

    // MARK: - Cost

    /// What an application costs besides its arguments.
    func cost(of arguments: [CELValue]) -> Int {
        guard let first = arguments.first else { return 1 }
        let second = arguments.count > 1 ? arguments[1] : .null
        return switch (self, first) {
        case (.startsWith, _), (.endsWith, _), (.bytes, .string), (.string, .bytes): Self.costOfWalking(first.size)
        case (.in, _): if case .list(let elements) = second { elements.count } else { 1 }
        case (.equal, _), (.notEqual, _),
            (.less, .string), (.lessOrEqual, .string), (.greater, .string), (.greaterOrEqual, .string),
            (.less, .bytes), (.lessOrEqual, .bytes), (.greater, .bytes), (.greaterOrEqual, .bytes):
            Self.costOfWalking(min(first.size, second.size))
        case (.add, .string), (.add, .bytes): Self.costOfWalking(first.size + second.size)
        case (.contains, _): Self.costOfWalking(first.size) * Self.costOfWalking(second.size)
        case (.matches, _): Self.costOfMatching(first.size, patternLength: second.size)
        default: 1
        }
    }

    static func costOfMatching(_ length: Int, patternLength: Int) -> Int {
        costOfWalking(1 + length) * ((patternLength + 3) / 4)
    }

    /// A tenth of the length, rounded up.
    private static func costOfWalking(_ length: Int) -> Int { (length + 9) / 10 }
}

extension CELMapKey {
    fileprivate var text: String {
        switch self {
        case .bool(let bool): "\(bool)"
        case .int(let int): "\(int)"
        case .uint(let uint): "\(uint)"
        case .string(let string): string.text
        }
    }
}
