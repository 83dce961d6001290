/// A word of the expression language.
struct CELToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case identifier(String)
        /// Without its sign, which makes it one of 2^63 + 1 numbers.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        /// An operator, a bracket or a comma.
        case symbol(String)
        case end
    }

    let kind: Kind
    /// In bytes of UTF-8 from the start of the expression.
    let offset: Int

    /// As it is named in a message.
    var description: String {
        switch kind {
        case .identifier(let name): "'\(name)'"
        case .int, .uint, .double: "a number"
        case .string, .bytes: "a string"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "the end"
        }
    }
}

/// What is wrong with an expression, and where.
struct CELProblem: Error, Sendable, Hashable {
    let reason: String
    /// In bytes of UTF-8 from the start of the expression; absent for what is wrong with all of it.
    let offset: Int?

    init(_ reason: String, at offset: Int?) {
        self.reason = reason
        self.offset = offset
    }

    /// Line and column within `text`, both from 1, the column in code points.
    func place(in text: String) -> (line: Int, column: Int)? {
        guard var rest = offset else { return nil }
        var place = (line: 1, column: 1)
        for scalar in text.unicodeScalars {
            guard rest > 0 else { break }
            rest -= UTF8.width(scalar)
            place = scalar == "\n" ? (place.line + 1, 1) : (place.line, place.column + 1)
        }
        return place
    }
}
