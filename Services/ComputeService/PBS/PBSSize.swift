/// How OpenPBS writes amounts of memory: `24682416kb`, `2gb`, `512mw`; a number alone is bytes. A word is eight bytes.
enum PBSSize {
    private static let shifts: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40, "p": 50]

    /// The amount in MiB, rounded down.
    static func mebibytes(_ text: String?) -> Int? {
        guard let text = text?.lowercased() else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        var unit = text[digits.endIndex...]
        guard let number = Int(digits) else { return nil }
        let shift = unit.first.flatMap { shifts[$0] } ?? 0
        if shift > 0 { unit = unit.dropFirst() }
        guard ["", "b", "w"].contains(unit) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: (unit == "w" ? 8 : 1) << shift)
        return overflow ? nil : bytes >> 20
    }
}
