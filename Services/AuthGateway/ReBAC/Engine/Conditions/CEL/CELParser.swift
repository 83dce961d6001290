/// Reads an expression, by the grammar of CEL's language definition.
struct CELParser: Sendable {
    private let tokens: [CELToken]
    private var position = 0
    private var depth = 0

    static func parse(_ text: String) throws(CELProblem) -> CELExpression {
        guard text.unicodeScalars.count <= CELExpression.maximumLength else {
            throw CELProblem("the expression is longer than \(CELExpression.maximumLength) code points", at: 0)
        }
        var parser = CELParser(tokens: try CELLexer.tokens(of: text))
        let expression = try parser.readExpression()
        guard parser.current.kind == .end else { throw parser.unexpected("an operator") }
        return expression
    }

    private init(tokens: [CELToken]) {
        self.tokens = tokens
    }

    /// `condition ? then : otherwise`, or what binds closer.
    private mutating func readExpression() throws(CELProblem) -> CELExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= CELExpression.maximumHeight else { throw CELExpression.tooDeep(current.offset) }
        let condition = try readOperations(from: 0)
        let offset = current.offset
        guard accept("?") else { return condition }
        let then = try readOperations(from: 0)
        try expect(":")
        return try CELExpression(.conditional(condition, then: then, otherwise: try readExpression()), at: offset)
    }

    /// Operators that bind as close as ``operators`` says of the lowest level, or closer.
    private mutating func readOperations(from lowest: Int) throws(CELProblem) -> CELExpression {
        var left = try readUnary()
        while let (symbol, function, level) = currentOperator, level >= lowest {
            let offset = current.offset
            position += 1
            if let function {
                left = try CELExpression(.operation(function, [left, try readOperations(from: level + 1)]), at: offset)
            } else {
                left = try readLogicalChain(of: symbol, startingWith: left, on: level, at: offset)
            }
        }
        return left
    }

    /// Operands of `&&` or `||` are kept side by side, so that long chains are not deep.
    private mutating func readLogicalChain(
        of symbol: String, startingWith first: CELExpression, on level: Int, at offset: Int
    ) throws(CELProblem) -> CELExpression {
        var operands = [first]
        repeat { operands.append(try readOperations(from: level + 1)) } while accept(symbol)
        return try CELExpression(symbol == "&&" ? .and(operands) : .or(operands), at: offset)
    }

    private var currentOperator: (symbol: String, function: CELFunction?, level: Int)? {
        let symbol: String
        switch current.kind {
        case .symbol(let text): symbol = text
        case .identifier("in"): symbol = "in"
        default: return nil
        }
        return Self.operators[symbol].map { (symbol, $0.function, $0.level) }
    }

    /// Operators with how close they bind. The logical ones are no functions.
    private static let operators: [String: (function: CELFunction?, level: Int)] = [
        "||": (nil, 0), "&&": (nil, 1),
        "<": (.less, 2), "<=": (.lessOrEqual, 2), ">": (.greater, 2), ">=": (.greaterOrEqual, 2), "==": (.equal, 2), "!=": (.notEqual, 2),
        "in": (.in, 2),
        "+": (.add, 3), "-": (.subtract, 3), "*": (.multiply, 4), "/": (.divide, 4), "%": (.modulo, 4),
    ]

    private mutating func readUnary() throws(CELProblem) -> CELExpression {
        var operators: [(function: CELFunction, offset: Int)] = []
        while true {
            let offset = current.offset
            if accept("!") {
                operators.append((.not, offset))
            } else if current.kind == .symbol("-"), !nextIsNumber {
                position += 1
                operators.append((.negate, offset))
            } else {
                break
            }
        }
        var expression = try readMember()
        for (function, offset) in operators.reversed() { expression = try CELExpression(.operation(function, [expression]), at: offset) }
        return expression
    }

    /// Before a number a minus is its sign, as the least int could not be written otherwise.
    private var nextIsNumber: Bool {
        guard position + 1 < tokens.count else { return false }
        return switch tokens[position + 1].kind {
        case .int, .double: true
        default: false
        }
    }

    /// An operand with its fields, calls and indices.
    private mutating func readMember() throws(CELProblem) -> CELExpression {
        var expression = try readPrimary()
        while true {
            let offset = current.offset
            if accept(".") {
                expression = try readSelection(of: expression, at: offset)
            } else if accept("[") {
                guard current.kind != .symbol("?") else { throw Self.optionals(offset) }
                let index = try readExpression()
                try expect("]")
                expression = try CELExpression(.operation(.index, [expression, index]), at: offset)
            } else if current.kind == .symbol("{") {
                throw CELProblem("messages cannot be made in conditions", at: offset)
            } else {
                return expression
            }
        }
    }

    private mutating func readSelection(of operand: CELExpression, at offset: Int) throws(CELProblem) -> CELExpression {
        guard current.kind != .symbol("?") else { throw Self.optionals(offset) }
        let name = try readName(isField: true)
        let arguments = current.offset
        guard accept("(") else { return try CELExpression(.select(operand, field: name), at: offset) }
        return try CELExpression(.call(target: operand, name: name, arguments: try readList(until: ")")), at: arguments)
    }

    private static func optionals(_ offset: Int) -> CELProblem {
        CELProblem("unsupported syntax '.?' or '[?': conditions have no optional values", at: offset)
    }

    private mutating func readPrimary() throws(CELProblem) -> CELExpression {
        let token = current
        switch token.kind {
        case .symbol("("):
            position += 1
            let expression = try readExpression()
            try expect(")")
            return expression
        case .symbol("["):
            position += 1
            return try CELExpression(.list(try readList(until: "]")), at: token.offset)
        case .symbol("{"):
            position += 1
            return try CELExpression(.map(try readEntries()), at: token.offset)
        case .symbol("."):
            // Names of the outermost scope, which is the only one.
            position += 1
            return try readIdentifier()
        case .identifier: return try readIdentifier()
        default: return try CELExpression(.literal(try readLiteral()), at: token.offset)
        }
    }

    private mutating func readIdentifier() throws(CELProblem) -> CELExpression {
        let offset = current.offset
        let name = try readName(isField: false)
        switch name {
        case "true": return try CELExpression(.literal(.bool(true)), at: offset)
        case "false": return try CELExpression(.literal(.bool(false)), at: offset)
        case "null": return try CELExpression(.literal(.null), at: offset)
        default: break
        }
        let arguments = current.offset
        guard accept("(") else { return try CELExpression(.identifier(name), at: offset) }
        return try CELExpression(.call(target: nil, name: name, arguments: try readList(until: ")")), at: arguments)
    }

    private mutating func readName(isField: Bool) throws(CELProblem) -> String {
        guard case .identifier(let name) = current.kind, name != "in" else { throw unexpected("a name") }
        guard isField ? !["true", "false", "null"].contains(name) : !Self.reserved.contains(name) else {
            throw CELProblem("reserved identifier: \(name)", at: current.offset)
        }
        position += 1
        return name
    }

    /// Words that CEL keeps for languages that embed it.
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
        "void", "while",
    ]

    private mutating func readLiteral() throws(CELProblem) -> CELValue {
        let offset = current.offset
        let isNegative = nextIsNumber && accept("-")
        let token = current
        let value: CELValue
        switch token.kind {
        case .int(let magnitude):
            guard let int = isNegative ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude) else {
                throw CELProblem("invalid int literal", at: offset)
            }
            value = .int(int)
        case .uint(let uint): value = .uint(uint)
        case .double(let double): value = .double(isNegative ? -double : double)
        case .string(let string): value = .string(string)
        case .bytes(let bytes): value = .bytes(bytes)
        case .identifier, .symbol, .end: throw unexpected("a value")
        }
        position += 1
        return value
    }

    /// Expressions between commas; one more comma may stand after the last element of a list.
    private mutating func readList(until end: String) throws(CELProblem) -> [CELExpression] {
        var elements: [CELExpression] = []
        guard !accept(end) else { return elements }
        while true {
            guard current.kind != .symbol("?") else { throw Self.optionals(current.offset) }
            elements.append(try readExpression())
            if accept(end) { return elements }
            guard accept(",") else { throw unexpected("',' or '\(end)'") }
            if end == "]", accept(end) { return elements }
        }
    }

    private mutating func readEntries() throws(CELProblem) -> [(key: CELExpression, value: CELExpression)] {
        var entries: [(key: CELExpression, value: CELExpression)] = []
        while !accept("}") {
            guard current.kind != .symbol("?") else { throw Self.optionals(current.offset) }
            let key = try readExpression()
            try expect(":")
            entries.append((key, try readExpression()))
            guard accept(",") || current.kind == .symbol("}") else { throw unexpected("',' or '}'") }
        }
        return entries
    }

    // MARK: - Tokens

    /// The last token is the end, which is never passed.
    private var current: CELToken { tokens[min(position, tokens.count - 1)] }

    private mutating func accept(_ symbol: String) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(CELProblem) {
        guard accept(symbol) else { throw unexpected("'\(symbol)'") }
    }

    private func unexpected(_ expected: String) -> CELProblem {
        CELProblem("Syntax error: expected \(expected), but found \(current.description)", at: current.offset)
    }
}
