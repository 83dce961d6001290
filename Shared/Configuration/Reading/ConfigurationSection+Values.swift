extension ConfigurationSection {
    // MARK: Text

    /// A text that must be there and not be empty.
    func text(_ key: String, expected: String = "a text") -> String {
        if let text = optionalText(key, expected: expected) { return text }
        if find(key).map(\.isScalar) ?? true { reportMissing(key, expected: expected) }
        return ""
    }

    /// A text; none if it is missing or empty.
    func optionalText(_ key: String, expected: String = "a text") -> String? {
        scalar(key, expected: expected).flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    func text(_ key: String, default standard: String) -> String {
        optionalText(key) ?? standard
    }

    // MARK: Numbers

    func integer(_ key: String, in range: ClosedRange<Int>, unit: String = "", default standard: Int) -> Int {
        optionalInteger(key, in: range, unit: unit) ?? standard
    }

    /// A whole number that must be there.
    func integer(_ key: String, in range: ClosedRange<Int>, unit: String = "") -> Int {
        if let number = optionalInteger(key, in: range, unit: unit) { return number }
        if find(key) == nil { reportMissing(key, expected: Self.wholeNumber(in: range, unit)) }
        return range.lowerBound
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>, unit: String = "") -> Int? {
        let expected = Self.wholeNumber(in: range, unit)
        guard let value = scalar(key, expected: expected) else { return nil }
        guard let number = Self.integer(value.text), range.contains(number) else {
            report(value.found, found: Self.quoted(value.text), expected: expected)
            return nil
        }
        return number
    }

    /// A number of seconds, whole or not.
    func seconds(_ key: String, aliases: [String] = [], in range: ClosedRange<Double>, default standard: Duration) -> Duration {
        let expected = "seconds from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
        guard let value = scalar(key, aliases: aliases, expected: expected) else { return standard }
        guard let number = Self.number(value.text), range.contains(number) else {
            report(value.found, found: Self.quoted(value.text), expected: expected)
            return standard
        }
        return .milliseconds(Int64((number * 1000).rounded()))
    }

    func flag(_ key: String, default standard: Bool) -> Bool {
        guard let value = scalar(key, expected: "true or false") else { return standard }
        switch value.text.lowercased() {
        case "true", "yes", "on", "1", "y", "t": return true
        case "false", "no", "off", "0", "n", "f": return false
        default:
            report(value.found, found: Self.quoted(value.text), expected: "true or false")
            return standard
        }
    }

    // MARK: Choices

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, default standard: Choice) -> Choice {
        optionalChoice(key) ?? standard
    }

    /// A choice that must be made.
    ///
    /// - Parameter standIn: What reading goes on with when it is not.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, standIn: Choice) -> Choice {
        if let choice: Choice = optionalChoice(key) { return choice }
        if find(key) == nil { reportMissing(key, expected: Self.list(Choice.self)) }
        return standIn
    }

    func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String) -> Choice? {
        let expected = Self.list(Choice.self)
        guard let value = scalar(key, expected: expected) else { return nil }
        guard let choice = Choice(rawValue: value.text) else {
            report(value.found, found: Self.quoted(value.text), expected: expected)
            return nil
        }
        return choice
    }

    // MARK: Scalars

    struct Scalar {
        var text: String
        var found: Found
    }

    /// The text of a key that has a single value.
    func scalar(_ key: String, aliases: [String] = [], expected: String) -> Scalar? {
        guard let value = find(key, aliases: aliases) else { return nil }
        guard case .scalar(let text, _) = value.node.content else {
            report(value, found: value.node.kind, expected: expected)
            return nil
        }
        return Scalar(text: text, found: value)
    }

    /// Decimal, with underscores between digits if wanted (YAML 1.1); `5.0` is whole too.
    static func integer(_ text: String) -> Int? {
        Int(withoutUnderscores(text)) ?? number(text).flatMap { Int(exactly: $0) }
    }

    private static func number(_ text: String) -> Double? {
        let digits = withoutUnderscores(text)
        guard digits.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }) else { return nil }
        return Double(digits).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func withoutUnderscores(_ text: String) -> String {
        text.hasPrefix("_") || text.hasSuffix("_") ? text : text.filter { $0 != "_" }
    }

    private static func wholeNumber(in range: ClosedRange<Int>, _ unit: String) -> String {
        let unit = unit.isEmpty ? "" : " of \(unit)"
        return range.upperBound == .max
            ? "a whole number\(unit), \(range.lowerBound) or more" : "a whole number\(unit) from \(range.lowerBound) to \(range.upperBound)"
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    private static func list<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> String {
        "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }
}

extension ConfigurationSection.Found {
    fileprivate var isScalar: Bool {
        if case .scalar = node.content { true } else { false }
    }
}
