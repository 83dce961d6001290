/// A number from JSON or from decimal text (Go's `big.ParseFloat` to the base 10, which OpenFGA reads parameters with).
struct DecimalNumber: Sendable {
    /// As it was written, for messages.
    let text: String
    let double: Double
    /// Nil unless it is a whole number; what is beyond an `Int64` is the nearest one, as in OpenFGA.
    let clampedInteger: Int64?
    /// Whether ``double`` is infinite without the number being so.
    let isTooGreatForDouble: Bool

    init(_ double: Double) {
        self.double = double
        isTooGreatForDouble = false
        text = double == double.rounded() && abs(double) < 1e15 ? "\(Int64(double))" : "\(double)"
        clampedInteger = double.isFinite && double == double.rounded() ? Self.clamp(double) : nil
    }

    /// A sign, digits with a point among them, an exponent; all but one digit may be left out. Or an infinity.
    init?(parsing text: String) {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if ["Inf", "inf"].contains(String(rest)) {
            (self.text, double, clampedInteger, isTooGreatForDouble) = (text, isNegative ? -.infinity : .infinity, nil, false)
            return
        }
        let whole = rest.prefix(while: Self.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: Self.isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty, let exponent = Self.exponent(rest) else { return nil }
        let digits = String(Substring(whole)) + String(Substring(fraction))
        guard let double = Double("\(isNegative ? "-" : "")\(digits)e\(exponent - fraction.count)") else { return nil }
        self.text = text
        self.double = double
        isTooGreatForDouble = double.isInfinite
        clampedInteger = Self.integer(digits: digits.utf8, scale: exponent - fraction.count, isNegative: isNegative)
    }

    /// `e5`; 0 for nothing at all. Exponents beyond what any double has are as good as their bound.
    private static func exponent(_ text: Substring.UTF8View) -> Int? {
        guard let first = text.first else { return 0 }
        guard first == UInt8(ascii: "e") || first == UInt8(ascii: "E") else { return nil }
        var digits = text.dropFirst()
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        let bound = 1_000_000_000
        let magnitude = digits.reduce(0) { min(bound, $0 * 10 + Int($1 - UInt8(ascii: "0"))) }
        return isNegative ? -magnitude : magnitude
    }

    /// The digits times ten to the power of `scale`; nil unless that is whole.
    private static func integer(digits: String.UTF8View, scale: Int, isNegative: Bool) -> Int64? {
        let zeros = digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        guard zeros < digits.count else { return 0 }
        guard zeros + scale >= 0 else { return nil }
        var magnitude: UInt64 = 0
        for digit in digits.dropLast(zeros).map({ UInt64($0 - UInt8(ascii: "0")) }) + Array(repeating: 0, count: min(zeros + scale, 20)) {
            let (tenfold, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, tooGreat) = tenfold.addingReportingOverflow(digit)
            guard !overflow, !tooGreat else { return isNegative ? .min : .max }
            magnitude = sum
        }
        guard isNegative else { return Int64(clamping: magnitude) }
        return magnitude >= Int64.min.magnitude ? .min : -Int64(magnitude)
    }

    private static func clamp(_ double: Double) -> Int64 {
        if let exact = Int64(exactly: double) { return exact }
        return double < 0 ? .min : .max
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
