/// A regular expression in RE2's syntax, as CEL's `matches` takes it, that is matched in time proportional to the lengths of text and pattern.
///
/// Not supported, and refused: Unicode classes (`\pL`), `\Q…\E`, octal escapes and, as in RE2, references back and assertions that look around.
struct RegularExpression: Sendable {
    enum Instruction: Sendable {
        case consume(ScalarSet)
        case assert(Assertion)
        /// Goes on at both places.
        case fork(Int, Int)
        case jump(Int)
        case match
    }

    enum Assertion: Sendable, Hashable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    /// How many instructions a pattern may become, since a repetition repeats them.
    static let maximumSize = 2_000

    /// Of the pattern in code points.
    let length: Int
    private let program: [Instruction]

    /// - Throws: ``CELError`` when the pattern cannot be understood, is not supported or too large.
    init(_ pattern: String) throws(CELError) {
        length = pattern.unicodeScalars.count
        var compiler = PatternCompiler()
        program = try compiler.compile(try PatternParser.parse(pattern))
    }

    /// Whether any part of the text matches.
    func matches(_ text: String) -> Bool {
        var run = PatternRun(program: program)
        var before: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while true {
            run.start(before: before, after: next)
            if run.hasMatched { return true }
            guard let scalar = next else { return false }
            before = scalar
            next = scalars.next()
            run.consume(scalar, after: next)
            if run.hasMatched { return true }
        }
    }
}

/// The places in a program that a text may have led to (Thompson's simulation of an automaton).
private struct PatternRun {
    let program: [RegularExpression.Instruction]
    private let ignoresCase: Bool
    private(set) var hasMatched = false
    /// Places that consume a character next.
    private var places: [Int] = []
    /// For each place in which round it was reached last.
    private var rounds: [Int]
    private var round = 1

    init(program: [RegularExpression.Instruction]) {
        self.program = program
        ignoresCase = program.contains { if case .consume(let set) = $0 { set.ignoresCase } else { false } }
        rounds = Array(repeating: 0, count: program.count)
    }

    /// A match may begin between these two characters.
    mutating func start(before: Unicode.Scalar?, after: Unicode.Scalar?) { follow(0, before: before, after: after) }

    mutating func consume(_ scalar: Unicode.Scalar, after: Unicode.Scalar?) {
        let reached = places
        let otherCases = ignoresCase ? scalar.otherCases : []
        places.removeAll(keepingCapacity: true)
        round += 1
        for place in reached {
            guard case .consume(let set) = program[place], set.contains(scalar, otherCases: otherCases) else { continue }
            follow(place + 1, before: scalar, after: after)
        }
    }

    private mutating func follow(_ place: Int, before: Unicode.Scalar?, after: Unicode.Scalar?) {
        var pending = [place]
        while let place = pending.popLast() {
            guard rounds[place] != round else { continue }
            rounds[place] = round
            switch program[place] {
            case .match: hasMatched = true
            case .consume: places.append(place)
            case .jump(let target): pending.append(target)
            case .fork(let first, let second): pending += [first, second]
            case .assert(let assertion):
                if assertion.holds(before: before, after: after) { pending.append(place + 1) }
            }
        }
    }
}

extension RegularExpression.Assertion {
    fileprivate func holds(before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
        switch self {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lineStart: before == nil || before == "\n"
        case .lineEnd: after == nil || after == "\n"
        case .wordBoundary: Self.isWord(before) != Self.isWord(after)
        case .noWordBoundary: Self.isWord(before) == Self.isWord(after)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ScalarSet.word.contains($0) } ?? false }
}

/// Turns a pattern into instructions.
private struct PatternCompiler {
    private var program: [RegularExpression.Instruction] = []

    mutating func compile(_ pattern: Pattern) throws(CELError) -> [RegularExpression.Instruction] {
        try emit(pattern)
        try append(.match)
        return program
    }

    private mutating func emit(_ pattern: Pattern) throws(CELError) {
        switch pattern {
        case .set(let set): try append(.consume(set))
        case .assertion(let assertion): try append(.assert(assertion))
        case .sequence(let parts):
            for part in parts { try emit(part) }
        case .alternatives(let alternatives): try emit(alternatives[...])
        case .repetition(let part, let least, let most): try emit(part, least: least, most: most)
        }
    }

    private mutating func emit(_ alternatives: ArraySlice<Pattern>) throws(CELError) {
        var exits: [Int] = []
        for (index, alternative) in zip(alternatives.indices, alternatives) {
            guard index < alternatives.endIndex - 1 else {
                try emit(alternative)
                break
            }
            let fork = try append(.fork(program.count + 1, 0))
            try emit(alternative)
            exits.append(try append(.jump(0)))
            program[fork] = .fork(fork + 1, program.count)
        }
        for exit in exits { program[exit] = .jump(program.count) }
    }

    private mutating func emit(_ part: Pattern, least: Int, most: Int?) throws(CELError) {
        for _ in 0..<least { try emit(part) }
        guard let most else {
            let fork = try append(.fork(program.count + 1, 0))
            try emit(part)
            try append(.jump(fork))
            program[fork] = .fork(fork + 1, program.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<max(least, most) {
            forks.append(try append(.fork(program.count + 1, 0)))
            try emit(part)
        }
        for fork in forks { program[fork] = .fork(fork + 1, program.count) }
    }

    @discardableResult
    private mutating func append(_ instruction: RegularExpression.Instruction) throws(CELError) -> Int {
        guard program.count < RegularExpression.maximumSize else {
            throw CELError("error parsing regexp: the expression is too large; repeat less in it")
        }
        program.append(instruction)
        return program.count - 1
    }
}
