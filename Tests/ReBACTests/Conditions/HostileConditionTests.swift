import ReBAC
import Testing

@Suite("Hostile conditions and contexts")
struct HostileConditionTests {
    /// What is nested deeper than the stack would bear if it were followed.
    static let nested: [String] = [
        "(", "[", "{1:", "!", "-", "b?", "b&&(", "b==(", "names[", "f(", "i.size(", "[1].all(x,", "has(", "1+(", "b?b:",
    ].map { String(repeating: $0, count: 262_144 / $0.utf8.count) }

    @Test("of 256 KB are refused at once, however they are nested", arguments: nested)
    func nesting(expression: String) {
        let start = ContinuousClock.now
        expect(expression, .refused(""))
        expect(String(expression.prefix(20_000)), .refused(""))
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test(
        "as deep as is allowed are decided, and one level deeper refused",
        arguments: [("(", "true", ")"), ("[1].all(x, ", "true", ")"), ("b ? (", "true", ") : false"), ("!", "b", ""), ("true == ", "b", "")])
    func deepest(open: String, core: String, close: String) {
        expect("\(repeating: open, 1000)\(core)\(repeating: close, 1000)", .refused("nested deeper than 128 levels"))
        for depth in stride(from: 1, through: 128, by: 1) {
            let definition = ConditionDefinition(
                name: "c", parameters: [ConditionParameter(name: "b", type: .bool)],
                expression: "\(repeating: open, depth)\(core)\(repeating: close, depth)")
            guard let condition = try? CompiledCondition(definition) else { return #expect(depth > 60) }
            // Whatever the answer: the cost may end it.
            _ = try? condition.evaluate(tuple: ["b": .bool(true)], request: [:])
        }
    }

    @Test("of long chains of && and || are not deep")
    func chains() {
        expect(Array(repeating: "true", count: 10_000).joined(separator: " && "), .holds)
        expect(Array(repeating: "false", count: 10_000).joined(separator: " || "), .fails)
        expect(Array(repeating: "b", count: 101).joined(separator: " && "), .undecided("cost limit exceeded"))
        expect("true" + String(repeating: " && true", count: 20_000), .refused("longer than 100000 code points"))
    }

    @Test(
        "cost what they cost in OpenFGA, and 100 at most",
        arguments: [
            // The most elements that each macro can look at, as measured with OpenFGA 1.18, and one more.
            ("l.exists(x, x == 'zz')", 16, .fails), ("l.exists(x, x == 'zz')", 17, .undecided("cost limit exceeded")),
            ("l.all(x, x != 'nope')", 19, .holds),
            ("l.all(x, x != 'nope')", 20, .undecided("cost limit exceeded")), ("size(l.map(x, x + '!')) > 0", 6, .holds),
            ("size(l.map(x, x + '!')) > 0", 7, .undecided("cost limit")),
            ("size(l.filter(x, x != 'nope')) >= 0", 6, .holds), ("size(l.filter(x, x != 'nope')) >= 0", 7, .undecided("cost limit")),
            ("l.exists_one(x, x == 'zz')", 48, .fails), ("l.exists_one(x, x == 'zz')", 49, .undecided("cost limit exceeded")),
            ("size(l.map(x, x == 'e6', x)) == 1", 40, .holds), ("l.all(x, true ? x != 'no' : false)", 19, .holds),
            ("l.all(x, (true ? x : x) != 'no')", 24, .holds),
            ("'none' in l", 99, .fails), ("'none' in l", 100, .undecided("cost limit")),
            ("l.all(x, l.all(y, x != 'no'))", 5, .undecided("cost limit")), ("l == l", 980, .holds),
            ("l == l", 981, .undecided("cost limit")),
            ("l.exists(x, true) && false || l.all(x, l.all(y, true)) || true", 30, .undecided("cost limit")),
        ] as [(String, Int, Outcome)])
    func cost(expression: String, count: Int, outcome: Outcome) {
        expect(expression, outcome, parameters: [("l", .list(.string))], context: ["l": .list((0..<count).map { .string("e\($0)") })])
    }

    @Test(
        "over long text cost by its length",
        arguments: [
            ("s.contains('b')", 990, .fails), ("s.contains('b')", 991, .undecided("cost limit")),
            ("s == s + ''", 1_000_000, .undecided("cost limit")),
            ("s.matches('(a|b|ab)*c')", 1_000_000, .undecided("cost limit")), ("s.matches('(a*)*b')", 400, .fails),
            ("s.startsWith('b')", 990, .fails),
            ("s.contains(s)", 1_000_000, .undecided("cost limit")), ("[s, s].all(x, x != '')", 1_000_000, .holds),
        ] as [(String, Int, Outcome)])
    func text(expression: String, length: Int, outcome: Outcome) {
        let start = ContinuousClock.now
        expect(expression, outcome, parameters: [("s", .string)], context: ["s": .string(String(repeating: "a", count: length))])
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("over maps of many keys cost too much whatever their order")
    func maps() {
        let map = ContextValue.map(Dictionary(uniqueKeysWithValues: (0..<200_000).map { ("k\($0)", .number(1)) }))
        expect("m.exists(k, k == 'k1')", .undecided("cost limit"), parameters: [("m", .map(.int))], context: ["m": map])
        expect("m['k1'] == 1 && 'k2' in m && size(m) == 200000", .holds, parameters: [("m", .map(.int))], context: ["m": map])
    }
}

extension DefaultStringInterpolation {
    fileprivate mutating func appendInterpolation(repeating part: String, _ count: Int) {
        appendInterpolation(String(repeating: part, count: count))
    }
}
