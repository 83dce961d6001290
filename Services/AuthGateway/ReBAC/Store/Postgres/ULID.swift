import FoundationEssentials

/// An id that sorts by the time of its making: 48 bits of milliseconds, then 80 random ones, in 26 characters of Crockford's base 32
/// (<https://github.com/ulid/spec>).
struct ULID: Sendable, Hashable, CustomStringConvertible {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private let bits: UInt128

    /// A new id, which is greater than `earlier` whatever the clocks say.
    init(after earlier: ULID? = nil, at time: Date = Date()) {
        let milliseconds = UInt64(min(max(time.timeIntervalSince1970 * 1000, 0), 0xFFFF_FFFF_FFFF))
        let random = UInt128.random(in: 0..<(1 << 80))
        let fresh = UInt128(milliseconds) << 80 | random
        // The greatest id of all has no successor; nobody makes it, since 48 bits of milliseconds last for 8,900 years.
        bits = earlier.map { max(fresh, $0.bits == .max ? .max : $0.bits + 1) } ?? fresh
    }

    /// Reads what ``description`` writes, and nothing else, so that no two texts are the same id.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == 26 else { return nil }
        var bits: UInt128 = 0
        for character in text.utf8 {
            guard let digit = Self.alphabet.firstIndex(of: character) else { return nil }
            // 26 characters hold 130 bits: the first one is 7 at most.
            guard bits >> 123 == 0 else { return nil }
            bits = bits << 5 | UInt128(digit)
        }
        self.bits = bits
    }

    var description: String {
        var rest = bits
        var text = [UInt8](repeating: 0, count: 26)
        for index in text.indices.reversed() {
            text[index] = Self.alphabet[Int(rest & 31)]
            rest >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }
}
