/// What a regular expression accepts.
indirect enum Pattern: Sendable {
    case set(ScalarSet)
    case assertion(RegularExpression.Assertion)
    case sequence([Pattern])
    case alternatives([Pattern])
    /// At most without end if `most` is absent.
    case repetition(Pattern, least: Int, most: Int?)
}

/// Reads RE2's syntax (https://github.com/google/re2/wiki/Syntax), as far as ``RegularExpression`` says.
struct PatternParser: Sendable {
    private struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesNewline = false
    }

    /// Of groups within groups.
    private static let maximumDepth = 50
    /// RE2's own bound.
    private static let maximumCount = 1_000

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private var flags = Flags()

    static func parse(_ text: String) throws(CELError) -> Pattern {
        var parser = PatternParser(text)
        let pattern = try parser.readAlternatives()
        guard parser.current == nil else { throw invalid("unexpected )") }
        return pattern
    }

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    private static func invalid(_ reason: String) -> CELError { CELError("error parsing regexp: \(reason)") }

    // MARK: - Structure

    private mutating func readAlternatives() throws(CELError) -> Pattern {
        var alternatives = [try readSequence()]
        while accept("|") { alternatives.append(try readSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func readSequence() throws(CELError) -> Pattern {
        var parts: [Pattern] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            guard let part = try readPart() else { continue }
            parts.append(try readRepetition(of: part))
        }
        return .sequence(parts)
    }

    /// Nil for flags alone, such as `(?i)`.
    private mutating func readPart() throws(CELError) -> Pattern? {
        guard let scalar = take() else { return nil }
        switch scalar {
        case "(": return try readGroup()
        case "[": return .set(try readClass())
        case ".": return .set(flags.dotMatchesNewline ? .everything : ScalarSet.newline.negated)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "\\": return try readEscape()
        case "*", "+", "?": throw Self.invalid("missing argument to repetition operator: \(scalar)")
        default: return .set(set(of: scalar))
        }
    }

    private func set(of scalar: Unicode.Scalar) -> ScalarSet {
        var set = ScalarSet(ranges: [scalar.value...scalar.value])
        set.ignoresCase = flags.ignoresCase
        return set
    }

    private mutating func readRepetition(of part: Pattern) throws(CELError) -> Pattern {
        guard let (least, most) = try readCount() else { return part }
        // Whether it takes as little as possible makes no difference to whether it matches.
        _ = accept("?")
        guard try readCount() == nil else { throw Self.invalid("invalid nested repetition operator") }
        return .repetition(part, least: least, most: most)
    }

    private mutating func readCount() throws(CELError) -> (least: Int, most: Int?)? {
        if accept("*") { return (0, nil) }
        if accept("+") { return (1, nil) }
        if accept("?") { return (0, 1) }
        let start = position
        guard accept("{"), let least = readNumber() else {
            position = start
            return nil
        }
        var most: Int? = least
        if accept(",") { most = readNumber() }
        guard accept("}") else {
            // Not a repetition but characters, as in RE2.
            position = start
            return nil
        }
        guard least <= Self.maximumCount, most ?? 0 <= Self.maximumCount, least <= most ?? least else {
            throw Self.invalid("invalid repeat count")
        }
        return (least, most)
    }

    private mutating func readNumber() -> Int? {
        var number: Int?
        while let scalar = current, ScalarSet.digits.contains(scalar) {
            number = min((number ?? 0) * 10 + Int(scalar.value - 0x30), Self.maximumCount + 1)
            position += 1
        }
        return number
    }

    // MARK: - Groups

    private mutating func readGroup() throws(CELError) -> Pattern? {
        let outerFlags = flags
        if accept("?"), try !readGroupStart() { return nil }
        depth += 1
        defer {
            depth -= 1
            flags = outerFlags
        }
        guard depth <= Self.maximumDepth else { throw Self.invalid("expression nests too deeply") }
        let pattern = try readAlternatives()
        guard accept(")") else { throw Self.invalid("missing closing )") }
        return pattern
    }

    /// What stands after `(?`: a name or flags. False if that was all, and the flags hold from here on.
    private mutating func readGroupStart() throws(CELError) -> Bool {
        if accept("P") || current == "<" {
            guard accept("<"), readName() else { throw Self.invalid("invalid or unsupported Perl syntax") }
            return true
        }
        var isSet = true
        while let scalar = take() {
            switch scalar {
            case ":": return true
            case ")": return false
            case "-" where isSet: isSet = false
            case "i": flags.ignoresCase = isSet
            case "m": flags.isMultiline = isSet
            case "s": flags.dotMatchesNewline = isSet
            case "U": break
            default: throw Self.invalid("invalid or unsupported Perl syntax")
            }
        }
        throw Self.invalid("missing closing )")
    }

    private mutating func readName() -> Bool {
        let start = position
        while let scalar = current, ScalarSet.word.contains(scalar) { position += 1 }
        return position > start && accept(">")
    }

    // MARK: - Characters

    private mutating func readEscape() throws(CELError) -> Pattern {
        switch current {
        case "A": return take(.textStart)
        case "z": return take(.textEnd)
        case "b": return take(.wordBoundary)
        case "B": return take(.noWordBoundary)
        default: break
        }
        if let set = readClassEscape() { return .set(set) }
        return .set(set(of: try readScalarEscape()))
    }

    private mutating func take(_ assertion: RegularExpression.Assertion) -> Pattern {
        position += 1
        return .assertion(assertion)
    }

    private mutating func readClassEscape() -> ScalarSet? {
        let set: ScalarSet
        switch current {
        case "d": set = .digits
        case "D": set = .digits.negated
        case "w": set = .word
        case "W": set = .word.negated
        case "s": set = .space
        case "S": set = .space.negated
        default: return nil
        }
        position += 1
        return set
    }

    private mutating func readScalarEscape() throws(CELError) -> Unicode.Scalar {
        guard let scalar = take() else { throw Self.invalid("trailing backslash at end of expression") }
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "a": return "\u{07}"
        case "x": return try readHexadecimal()
        default:
            guard scalar.isASCII, scalar.value >= 0x20, scalar.value < 0x7F, !ScalarSet.word.contains(scalar) || scalar == "_" else {
                throw Self.invalid("invalid or unsupported escape sequence: \\\(scalar)")
            }
            return scalar
        }
    }

    /// `\x41` or `\x{1F600}`.
    private mutating func readHexadecimal() throws(CELError) -> Unicode.Scalar {
        let isBraced = accept("{")
        var digits = ""
        while let scalar = current, let named = ScalarSet.named["xdigit"], named.contains(scalar), digits.utf8.count < (isBraced ? 8 : 2) {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        guard isBraced ? !digits.isEmpty && accept("}") : digits.utf8.count == 2, let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw Self.invalid("invalid escape sequence: \\x") }
        return scalar
    }

    /// What stands between brackets, of which the first was read.
    private mutating func readClass() throws(CELError) -> ScalarSet {
        var set = ScalarSet()
        set.ignoresCase = flags.ignoresCase
        set.isNegated = accept("^")
        var isFirst = true
        while isFirst || current != "]" {
            isFirst = false
            guard current != nil else { throw Self.invalid("missing closing ]") }
            if let named = try readNamedClass() {
                set.formUnion(named)
                continue
            }
            let (lower, isWholeClass) = try readClassMember()
            guard let lower else {
                if let isWholeClass { set.formUnion(isWholeClass) }
                continue
            }
            set.insert(lower.value...(try readRangeEnd(from: lower)).value)
        }
        position += 1
        return set
    }

    /// Of `[a-z]` the last; of a single character itself.
    private mutating func readRangeEnd(from lower: Unicode.Scalar) throws(CELError) -> Unicode.Scalar {
        guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return lower }
        position += 1
        guard let upper = try readClassMember().scalar, lower <= upper else { throw Self.invalid("invalid character class range") }
        return upper
    }

    private mutating func readClassMember() throws(CELError) -> (scalar: Unicode.Scalar?, set: ScalarSet?) {
        guard let scalar = take() else { throw Self.invalid("missing closing ]") }
        guard scalar == "\\" else { return (scalar, nil) }
        if let set = readClassEscape() { return (nil, set) }
        return (try readScalarEscape(), nil)
    }

    /// `[:alpha:]` or `[:^alpha:]`.
    private mutating func readNamedClass() throws(CELError) -> ScalarSet? {
        guard current == "[", position + 1 < scalars.count, scalars[position + 1] == ":" else { return nil }
        position += 2
        let isNegated = accept("^")
        var name = ""
        while let scalar = current, ScalarSet.word.contains(scalar), name.utf8.count < 8 {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard accept(":"), accept("]"), let set = ScalarSet.named[name] else { throw Self.invalid("invalid character class range") }
        return isNegated ? set.negated : set
    }

    // MARK: -

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let scalar = current else { return nil }
        position += 1
        return scalar
    }

    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }
}
