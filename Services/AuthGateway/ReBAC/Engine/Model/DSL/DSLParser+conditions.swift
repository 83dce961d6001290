extension DSLParser {
    /// `condition name(parameter: type, …) { expression }`, and where the name stands.
    mutating func conditionDefinition() throws(ModelProblem) -> (ConditionDefinition, Int) {
        try scanner.expect(word: "condition")
        try scanner.expectBlanks(before: "the name of the condition")
        let start = scanner.offset
        let name = try conditionName(of: "a condition")
        scanner.skipBlanks()
        try scanner.expect("(")
        let parameters = try parameters(ofCondition: name)
        scanner.skipBlanks()
        try scanner.expect("{")
        return (ConditionDefinition(name: name, parameters: parameters, expression: try expression()), start)
    }

    /// Names here may be words of the language, but not the names of types.
    private mutating func conditionName(of what: String) throws(ModelProblem) -> String {
        guard let word = scanner.word else { throw scanner.expected("the name of \(what)") }
        guard word != "map", word != "list", word == "any" || ConditionParameterType(dsl: word) == nil,
            !word.contains(where: { ["/", "."].contains($0) })
        else { throw scanner.problem("'\(word)' cannot be the name of \(what)") }
        _ = scanner.take(word: word)
        return word
    }

    private mutating func parameters(ofCondition condition: String) throws(ModelProblem) -> [ConditionParameter] {
        var parameters: [ConditionParameter] = []
        var names: Set<String> = []
        repeat {
            scanner.skipLines()
            let start = scanner.offset
            let name = try conditionName(of: "a parameter")
            guard names.insert(name).inserted else {
                throw scanner.problem("the parameter '\(name)' is already defined in the condition '\(condition)'", at: start)
            }
            scanner.skipBlanks()
            try scanner.expect(":")
            scanner.skipBlanks()
            parameters.append(ConditionParameter(name: name, type: try parameterType()))
            scanner.skipLines()
        } while scanner.take(",")
        guard scanner.take(")") else { throw scanner.expected("',' or ')'") }
        return parameters
    }

    private mutating func parameterType() throws(ModelProblem) -> ConditionParameterType {
        if scanner.take(word: "list") { return .list(try elementType(of: "list")) }
        if scanner.take(word: "map") { return .map(try elementType(of: "map")) }
        return try simpleType("the type of the parameter")
    }

    private mutating func elementType(of container: String) throws(ModelProblem) -> ConditionParameterType {
        guard scanner.take("<") else { throw scanner.expected("'<' and the type of the elements, since this is a \(container)") }
        let type = try simpleType("the type of the elements")
        try scanner.expect(">")
        return type
    }

    private mutating func simpleType(_ what: String) throws(ModelProblem) -> ConditionParameterType {
        guard let word = scanner.word, let type = ConditionParameterType(dsl: word) else {
            throw scanner.expected("\(what) (\(ConditionParameterType.simpleNames.joined(separator: ", ")))")
        }
        _ = scanner.take(word: word)
        return type
    }

    // MARK: Expressions

    /// Everything up to the first `}` that stands in no text and no comment, which is where OpenFGA's language ends an expression: it has no braces.
    private mutating func expression() throws(ModelProblem) -> String {
        let start = scanner.offset
        var expression: [UInt8] = []
        while let byte = scanner.next {
            switch byte {
            case UInt8(ascii: "}"):
                scanner.advance()
                return String(decoding: Self.trimmed(expression[...]), as: UTF8.self)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                expression += try text()
            case UInt8(ascii: "#"):
                let before = scanner.offset
                scanner.skipComment()
                if scanner.offset > before { continue }
                expression.append(byte)
                scanner.advance()
            case UInt8(ascii: "/") where scanner.source.bytes[scanner.offset...].starts(with: "//".utf8):
                while !scanner.isAtLineEnd { scanner.advance() }
            default:
                expression.append(byte)
                scanner.advance()
            }
        }
        throw scanner.problem("the expression of the condition has no '}' at its end", at: start)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let head = bytes.drop(while: isBlank)
        guard let last = head.lastIndex(where: { !isBlank($0) }) else { return [] }
        return head[...last]
    }

    /// A text of CEL with its quotes: one or three of `'` or `"`, raw behind an `r`.
    private mutating func text() throws(ModelProblem) -> ArraySlice<UInt8> {
        let bytes = scanner.source.bytes
        let start = scanner.offset
        let quote = bytes[start]
        let isLong = bytes[start...].starts(with: [quote, quote, quote])
        let end = isLong ? [quote, quote, quote] : [quote]
        let isRaw = isRaw(at: start)
        for _ in end { scanner.advance() }
        while let byte = scanner.next, isLong || !scanner.isAtLineEnd {
            if bytes[scanner.offset...].starts(with: end) {
                for _ in end { scanner.advance() }
                return bytes[start..<scanner.offset]
            }
            if byte == UInt8(ascii: "\\"), !isRaw { scanner.advance() }
            if scanner.next != nil { scanner.advance() }
        }
        throw scanner.problem("a text in the expression of the condition has no end", at: start)
    }

    /// Whether the word before a quote is only the mark of raw texts, or of raw bytes.
    private func isRaw(at quote: Int) -> Bool {
        let before = scanner.source.bytes[..<quote].suffix(3).reversed().prefix(while: DSLScanner.isLetterOrDigit)
        return ["r", "br", "rb"].contains(String(decoding: before.reversed(), as: UTF8.self).lowercased())
    }
}

extension ConditionParameterType {
    /// As the language writes them.
    static let simpleNames = ["any", "bool", "string", "int", "uint", "double", "duration", "timestamp", "ipaddress"]

    /// A type without elements.
    init?(dsl name: String) {
        switch name {
        case "any": self = .any
        case "bool": self = .bool
        case "string": self = .string
        case "int": self = .int
        case "uint": self = .uint
        case "double": self = .double
        case "duration": self = .duration
        case "timestamp": self = .timestamp
        case "ipaddress": self = .ipaddress
        default: return nil
        }
    }
}
