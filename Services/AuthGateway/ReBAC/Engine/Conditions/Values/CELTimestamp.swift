/// A moment between the years 1 and 9999, as CEL allows them, in UTC.
struct CELTimestamp: Sendable, Hashable, Comparable {
    /// Since 1970; leap seconds do not count.
    let seconds: Int64
    /// 0 to 999,999,999, later than ``seconds``.
    let nanoseconds: Int64

    static let firstSecond: Int64 = -62_135_596_800
    static let lastSecond: Int64 = 253_402_300_799

    /// Nil beyond the years that CEL allows.
    init?(seconds: Int64, nanoseconds: Int64 = 0) {
        guard (Self.firstSecond...Self.lastSecond).contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads RFC 3339, such as `2023-01-31T08:00:00.5+02:00`. Like Go it refuses lower-case letters and leap seconds.
    init?(parsing text: some StringProtocol) {
        var digits = FixedDigits(text.utf8)
        guard let year = digits.read(4), digits.skip("-"), let month = digits.read(2), digits.skip("-"), let day = digits.read(2), digits.skip("T"),
            let hour = digits.read(2), digits.skip(":"), let minute = digits.read(2), digits.skip(":"), let second = digits.read(2)
        else { return nil }
        let nanoseconds = digits.skip(".") ? digits.readFraction() : 0
        guard let nanoseconds, let offset = digits.readOffset(), digits.isAtEnd,
            (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, of: year), hour <= 23, minute <= 59, second <= 59
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        self.init(seconds: days * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanoseconds: nanoseconds)
    }

    static func < (left: CELTimestamp, right: CELTimestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Nil beyond the years that CEL allows.
    func adding(_ duration: CELDuration) -> CELTimestamp? {
        let (whole, part) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        var seconds = seconds + whole
        var nanoseconds = nanoseconds + part
        if nanoseconds < 0 { (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000) }
        if nanoseconds >= 1_000_000_000 { (seconds, nanoseconds) = (seconds + 1, nanoseconds - 1_000_000_000) }
        return CELTimestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Nil when the span is longer than a duration can be.
    func duration(since other: CELTimestamp) -> CELDuration? {
        // 10,000 years are fewer than 2^39 seconds.
        let (nanoseconds, overflow) = (seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, tooLong) = nanoseconds.addingReportingOverflow(self.nanoseconds - other.nanoseconds)
        return overflow || tooLong ? nil : CELDuration(nanoseconds: sum)
    }

    /// RFC 3339, as CEL's `string` writes it.
    var description: String {
        let clock = ClockReading(of: self, offset: 0)
        let pad = { (number: Int64, width: Int) in String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)" }
        return "\(pad(clock.date.year, 4))-\(pad(clock.date.month, 2))-\(pad(clock.date.day, 2))T"
            + "\(pad(clock.hour, 2)):\(pad(clock.minute, 2)):\(pad(clock.second, 2))\(Self.fraction(UInt64(nanoseconds)))Z"
    }

    /// `.5` for 500,000,000 nanoseconds, nothing for none.
    static func fraction(_ nanoseconds: UInt64) -> String {
        guard nanoseconds > 0 else { return "" }
        let digits = "\(nanoseconds)"
        var padded = String(repeating: "0", count: max(0, 9 - digits.count)) + digits
        while padded.last == "0" { padded.removeLast() }
        return ".\(padded)"
    }
}

/// Reads numbers of a known count of digits from the start of a text.
private struct FixedDigits<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func read(_ count: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = readDigit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// The digits after the point, in nanoseconds; what is below them is cut off.
    mutating func readFraction() -> Int64? {
        guard let first = readDigit() else { return nil }
        var nanoseconds = first * 100_000_000
        var place: Int64 = 10_000_000
        while let digit = readDigit() {
            nanoseconds += digit * place
            place /= 10
        }
        return nanoseconds
    }

    /// `Z` or `+02:00`, in seconds east of Greenwich.
    mutating func readOffset() -> Int64? {
        if skip("Z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = read(2), skip(":"), let minutes = read(2), hours <= 24, minutes <= 59 else { return nil }
        return (isWest ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private mutating func readDigit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest = rest.dropFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }
}
