/// The characters that one place of a pattern accepts.
struct ScalarSet: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false
    /// Upper and lower case are the same.
    var ignoresCase = false

    static let digits = ScalarSet(ranges: [0x30...0x39])
    static let space = ScalarSet(ranges: [0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let newline = ScalarSet(ranges: [0x0A...0x0A])
    static let everything = ScalarSet(ranges: [0...0x10FFFF])

    init(ranges: [ClosedRange<UInt32>] = []) {
        self.ranges = ranges
    }

    var negated: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func formUnion(_ other: ScalarSet) {
        ranges += other.isNegated ? other.complement : other.ranges
    }

    /// - Parameter otherCases: of the scalar, for sets that ignore case.
    func contains(_ scalar: Unicode.Scalar, otherCases: [UInt32] = []) -> Bool {
        let isIn = includes(scalar.value) || ignoresCase && otherCases.contains { includes($0) }
        return isIn != isNegated
    }

    private func includes(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } }

    private var complement: [ClosedRange<UInt32>] {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return gaps
    }

    /// Of POSIX, by their names within `[[:…:]]`.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x61...0x7A]),
        "alpha": ScalarSet(ranges: [0x41...0x5A, 0x61...0x7A]),
        "ascii": ScalarSet(ranges: [0...0x7F]),
        "blank": ScalarSet(ranges: [0x09...0x09, 0x20...0x20]),
        "cntrl": ScalarSet(ranges: [0...0x1F, 0x7F...0x7F]),
        "digit": .digits,
        "graph": ScalarSet(ranges: [0x21...0x7E]),
        "lower": ScalarSet(ranges: [0x61...0x7A]),
        "print": ScalarSet(ranges: [0x20...0x7E]),
        "punct": ScalarSet(ranges: [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": ScalarSet(ranges: [0x09...0x0D, 0x20...0x20]),
        "upper": ScalarSet(ranges: [0x41...0x5A]),
        "word": .word,
        "xdigit": ScalarSet(ranges: [0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]
}

extension Unicode.Scalar {
    /// The same letter as a capital and as a small one, where that is one scalar.
    var otherCases: [UInt32] {
        [properties.lowercaseMapping, properties.uppercaseMapping].compactMap { mapping in
            let scalars = mapping.unicodeScalars
            return scalars.count == 1 ? scalars.first?.value : nil
        }
    }
}
