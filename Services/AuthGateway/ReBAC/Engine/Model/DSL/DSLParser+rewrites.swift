extension DSLParser {
    private enum Operator: String {
        case or, and
        case butNot = "but not"
    }

    /// Parentheses that may stand within each other, so that the rewrites of any model in the language keep ``UsersetRewrite/maximumNesting``:
    /// the operator outside and the operand inside add one level each.
    private static let maximumParentheses = UsersetRewrite.maximumNesting - 2

    /// What stands behind the colon of a definition.
    ///
    /// OpenFGA's rule: operators of different kinds do not mix without parentheses, `but not` stands once, and the list in brackets is the
    /// very first operand.
    mutating func rewrite(directTypes: inout [TypeRestriction]) throws(ModelProblem) -> UsersetRewrite {
        try operands(depth: 0, directTypes: &directTypes, mayBeDirect: true)
    }

    private mutating func operands(depth: Int, directTypes: inout [TypeRestriction], mayBeDirect: Bool) throws(ModelProblem) -> UsersetRewrite {
        var operands = [try operand(depth: depth, directTypes: &directTypes, mayBeDirect: mayBeDirect)]
        var kind: Operator?
        while let next = try takeOperator(after: kind) {
            kind = next
            operands.append(try operand(depth: depth, directTypes: &directTypes, mayBeDirect: false))
        }
        switch kind {
        case nil: return operands[0]
        case .or: return .union(operands)
        case .and: return .intersection(operands)
        case .butNot: return .exclusion(base: operands[0], subtracted: operands[1])
        }
    }

    /// Passes an operator with the blanks around it, if one stands here.
    private mutating func takeOperator(after kind: Operator?) throws(ModelProblem) -> Operator? {
        let hasBlanks = scanner.skipBlanks()
        let start = scanner.offset
        let next: Operator
        if scanner.takeButNot() {
            next = .butNot
        } else if let word = scanner.word, let known = Operator(rawValue: word) {
            _ = scanner.take(word: word)
            next = known
        } else {
            return nil
        }
        guard hasBlanks else { throw scanner.problem("expected a blank before '\(next.rawValue)'", at: start) }
        if let kind, kind != next {
            throw scanner.problem("'\(kind.rawValue)' and '\(next.rawValue)' cannot be mixed without parentheses", at: start)
        }
        if kind == .butNot { throw scanner.problem("'but not' cannot follow 'but not' without parentheses", at: start) }
        try scanner.expectBlanks(before: "what follows '\(next.rawValue)'")
        return next
    }

    private mutating func operand(depth: Int, directTypes: inout [TypeRestriction], mayBeDirect: Bool) throws(ModelProblem) -> UsersetRewrite {
        switch scanner.next {
        case UInt8(ascii: "["):
            guard mayBeDirect else { throw scanner.problem("a list in brackets can only be the first operand of a relation, and stands once") }
            directTypes = try typeRestrictions()
            return .direct
        case UInt8(ascii: "("):
            guard depth < Self.maximumParentheses else {
                throw scanner.problem("more than \(Self.maximumParentheses) parentheses within each other; give a part of it a relation of its own")
            }
            scanner.advance()
            scanner.skipBlanks()
            let rewrite = try operands(depth: depth + 1, directTypes: &directTypes, mayBeDirect: mayBeDirect)
            scanner.skipBlanks()
            try scanner.expect(")")
            return rewrite
        default:
            return try reference()
        }
    }

    /// `editor`, or `viewer from parent`.
    private mutating func reference() throws(ModelProblem) -> UsersetRewrite {
        let relation = try name(of: "a relation")
        var ahead = scanner
        guard ahead.skipBlanks(), ahead.take(word: "from") else { return .computed(relation: relation) }
        scanner = ahead
        try scanner.expectBlanks(before: "what follows 'from'")
        return .tupleToUserset(tupleset: try name(of: "a relation"), relation: relation)
    }

    // MARK: Lists in brackets

    private mutating func typeRestrictions() throws(ModelProblem) -> [TypeRestriction] {
        try scanner.expect("[")
        var restrictions: [TypeRestriction] = []
        repeat {
            scanner.skipLines()
            restrictions.append(try typeRestriction())
            scanner.skipLines()
        } while scanner.take(",")
        guard scanner.take("]") else { throw scanner.expected("',' or ']'") }
        return restrictions
    }

    private mutating func typeRestriction() throws(ModelProblem) -> TypeRestriction {
        var restriction = TypeRestriction(type: try name(of: "a type"))
        if scanner.take(":") {
            try scanner.expect("*")
            restriction.form = .wildcard
        } else if scanner.take("#") {
            restriction.form = .userset(relation: try name(of: "a relation"))
        }
        var ahead = scanner
        if ahead.skipBlanks(), ahead.take(word: "with") {
            scanner = ahead
            try scanner.expectBlanks(before: "the name of the condition")
            restriction.condition = try name(of: "a condition")
        }
        return restriction
    }
}
