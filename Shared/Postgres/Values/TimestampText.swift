import FoundationEssentials

/// The text format of `timestamptz` under `DateStyle = ISO`: `2026-03-01 12:34:56.123456+00`.
///
/// Whole microseconds are counted in integers, since that is what PostgreSQL stores; a `Date` in between is rounded.
enum TimestampText {
    private static let microsecondsPerDay: Int64 = 86_400_000_000

    /// A date too far away for PostgreSQL becomes its infinity rather than a wrong day.
    static func text(of date: Date) -> String {
        let seconds = date.timeIntervalSince1970
        guard seconds > -200_000_000_000 else { return "-infinity" }
        guard seconds < 9_000_000_000_000 else { return "infinity" }
        let microseconds = Int64((seconds * 1_000_000).rounded())
        let days = floorDivision(microseconds, by: microsecondsPerDay)
        var rest = microseconds - days * microsecondsPerDay
        let fraction = rest % 1_000_000
        rest /= 1_000_000
        let (year, month, day) = civilDate(ofDay: days)
        // There is no year 0: the year before 1 is 1 BC.
        let era = year > 0 ? "" : " BC"
        let shownYear = year > 0 ? year : 1 - year
        return "\(padded(shownYear, 4))-\(padded(month, 2))-\(padded(day, 2)) "
            + "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2)).\(padded(fraction, 6))+00\(era)"
    }

    static func date(from text: String) -> Date? {
        var scanner = Scanner(text)
        guard
            let year = scanner.digits(1...6), scanner.skip("-"), let month = scanner.digits(2...2), scanner.skip("-"),
            let day = scanner.digits(2...2), scanner.skip(" "),
            let hour = scanner.digits(2...2), scanner.skip(":"), let minute = scanner.digits(2...2), scanner.skip(":"),
            let second = scanner.digits(2...2)
        else { return nil }
        guard let fraction = scanner.skip(".") ? scanner.fraction() : 0 else { return nil }
        guard let offset = scanner.offset() else { return nil }
        let isBeforeChrist = scanner.skip(" BC")
        guard scanner.isAtEnd, (1...12).contains(month), (1...31).contains(day) else { return nil }

        let days = dayNumber(year: isBeforeChrist ? 1 - year : year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + Double(fraction) / 1_000_000)
    }

    // MARK: - The Gregorian calendar, extended backwards; years are counted from 1 March so that the leap day comes last

    private static func civilDate(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivision(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivision(shiftedYear, by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floorDivision(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private struct Scanner {
        private var rest: Substring.UTF8View

        init(_ text: String) {
            rest = Substring(text).utf8
        }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skip(_ text: StaticString) -> Bool {
            let wanted = text.description.utf8
            guard rest.starts(with: wanted) else { return false }
            rest.removeFirst(wanted.count)
            return true
        }

        mutating func digits(_ count: ClosedRange<Int>) -> Int64? {
            var value: Int64 = 0
            var read = 0
            while read < count.upperBound, let character = rest.first, (0x30...0x39).contains(character) {
                value = value * 10 + Int64(character - 0x30)
                rest.removeFirst()
                read += 1
            }
            return read >= count.lowerBound ? value : nil
        }

        /// One to six digits after the point, in microseconds.
        mutating func fraction() -> Int64? {
            let before = rest.count
            guard var value = digits(1...6) else { return nil }
            for _ in (before - rest.count)..<6 { value *= 10 }
            return value
        }

        /// `+02`, `-03:30` or `+00:19:32`, in seconds.
        mutating func offset() -> Int64? {
            let isNegative = skip("-")
            guard isNegative || skip("+"), let hours = digits(2...2) else { return nil }
            var seconds = hours * 3600
            if skip(":") {
                guard let minutes = digits(2...2) else { return nil }
                seconds += minutes * 60
                if skip(":") {
                    guard let rest = digits(2...2) else { return nil }
                    seconds += rest
                }
            }
            return isNegative ? -seconds : seconds
        }
    }
}
