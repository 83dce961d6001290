/// A span of time in nanoseconds, as Go and so OpenFGA keeps it: up to 292 years.
struct CELDuration: Sendable, Hashable, Comparable {
    let nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Reads what Go's `time.ParseDuration` reads, such as `1h30m` or `-1.5s`; nil for anything else and for what is too long.
    init?(parsing text: some StringProtocol) {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("0".utf8) {
            self.init(nanoseconds: 0)
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: UInt64 = 0
        while !rest.isEmpty {
            guard let part = Self.readPart(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            // The most negative duration has no positive counterpart.
            guard !overflow, sum <= Int64.min.magnitude else { return nil }
            total = sum
        }
        if isNegative {
            self.init(nanoseconds: total == Int64.min.magnitude ? .min : -Int64(total))
        } else {
            guard let total = Int64(exactly: total) else { return nil }
            self.init(nanoseconds: total)
        }
    }

    static func < (left: CELDuration, right: CELDuration) -> Bool { left.nanoseconds < right.nanoseconds }

    /// As CEL's `string` writes it: seconds.
    var description: String {
        let (seconds, nanoseconds) = self.nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        return (self.nanoseconds < 0 ? "-" : "") + "\(seconds)\(CELTimestamp.fraction(nanoseconds))s"
    }

    /// Digits with at most one point among them, and a unit.
    private static func readPart<Bytes: Collection<UInt8>>(_ rest: inout Bytes) -> UInt64? where Bytes.SubSequence == Bytes {
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let unitName = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(unitName.count)
        guard let unit = units[String(decoding: unitName, as: UTF8.self)] else { return nil }

        var count: UInt64 = 0
        for digit in whole {
            guard let next = appending(digit, to: count) else { return nil }
            count = next
        }
        let (scaled, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        // Digits below a nanosecond change nothing: the longest unit has 12.6 of them before.
        var numerator: UInt64 = 0
        var denominator: UInt64 = 1
        for digit in fraction.prefix(15) {
            numerator = numerator * 10 + UInt64(digit - UInt8(ascii: "0"))
            denominator *= 10
        }
        let below = UInt64(Double(numerator) * (Double(unit) / Double(denominator)))
        let (sum, tooLong) = scaled.addingReportingOverflow(below)
        return tooLong ? nil : sum
    }

    private static func appending(_ digit: UInt8, to count: UInt64) -> UInt64? {
        let (tenfold, overflow) = count.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        let (sum, tooLong) = tenfold.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
        return tooLong ? nil : sum
    }

    /// In nanoseconds. Microseconds are written with the micro sign or with the Greek letter.
    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1_000, "\u{B5}s": 1_000, "\u{3BC}s": 1_000, "ms": 1_000_000,
        "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]
}
