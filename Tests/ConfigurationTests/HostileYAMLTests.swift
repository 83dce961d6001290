import GoldcrestConfiguration
import Testing

@Suite("Hostile YAML")
struct HostileYAMLTests {
    private func problem(_ yaml: String) -> ConfigurationError.Problem? {
        do {
            _ = try Settings.load(yaml: yaml, path: "f7t.yaml")
            return nil
        } catch {
            return error.problems.first
        }
    }

    @Test("aliases of aliases are refused before they fill the memory", .timeLimit(.minutes(1)))
    func billionLaughs() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let alias = "*a\(level - 1)"
            yaml += "a\(level): &a\(level) [\(Array(repeating: alias, count: 9).joined(separator: ", "))]\n"
        }
        #expect(problem(yaml)?.found.contains("more than 200000 values") == true)
        let merged = (1...30).reduce("m0: &m0 {k: v}\n") { $0 + "m\($1): &m\($1) {<<: [*m\($1 - 1), *m\($1 - 1)]}\n" }
        #expect(problem(merged)?.found.contains("values") == true)
    }

    @Test("deep nesting is refused", arguments: [65, 999, 5000])
    func nesting(depth: Int) {
        let flow = "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(problem(flow)?.expected == "valid YAML")
        let block = (0..<depth).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        #expect(problem(block)?.expected == "valid YAML")
    }

    @Test("a text that is too big is refused")
    func size() {
        #expect(problem("a: " + String(repeating: "x", count: 4 << 20))?.found == "more than 4 MiB")
    }

    @Test("a syntax error is told with line and column")
    func syntax() {
        let refusal = problem("auth:\n  a: [1, 2\nssh: {}\n")
        #expect(refusal?.path == "f7t.yaml")
        #expect(refusal?.line == 3)
        #expect(refusal?.found.contains("at column 4") == true, "\(String(describing: refusal))")
    }

    @Test("no usable document", arguments: [
        ("", "an empty file"), ("# nothing\n", "an empty file"), ("---\n", "an empty file"), ("null", "an empty file"), ("- a\n- b\n", "a list"),
        ("just text", "a single value"), ("a: 1\n---\nb: 2\n", "another document"), ("a: *b", "undefined alias"), ("a: &a [*a]", "undefined alias"),
        ("a: 1\nb: 2\na: 3\n", "the same key twice in one mapping: “a”"), ("? [a, b]\n: c\n", "a key that is a list"), ("a: \u{0}", ""),
        ("a: \u{1}", ""), ("<<: text", "merge key"), ("a: !!binary \"%\"\n\tb: 1", ""), ("%YAML 9.9\n---\na: 1", ""), ("a: 'x", ""),
    ])
    func unusable(yaml: String, found: String) {
        let problem = problem(yaml)
        #expect(problem?.path == "f7t.yaml")
        #expect(found.isEmpty || problem?.found.contains(found) == true, "\(String(describing: problem))")
    }

    @Test("damaged copies of a good file are read or refused, never more", .timeLimit(.minutes(2)))
    func damaged() {
        var generator = SplitMix64(state: 0x676f_6c64)
        let good = Array(ExampleYAML.snakeCase.utf8)
        let spice = Array(":-[]{}&*!|>'\"%@`#,?\n\t ~<\u{0}".utf8)
        var refused = 0
        for _ in 0..<400 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = spice.randomElement(using: &generator) ?? 0
                case 1: bytes.removeSubrange(index..<min(bytes.count, index + 20))
                default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 40)], at: index)
                }
            }
            if problem(String(decoding: bytes, as: UTF8.self)) != nil { refused += 1 }
        }
        #expect(refused > 50)
    }

    /// The same damage in every run.
    private struct SplitMix64: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }
}
