import FoundationEssentials

/// A time as HTTP writes it, in whole seconds (RFC 9110 section 5.6.7).
struct HTTPDate: Sendable, Equatable, Comparable {
    /// Since 1970, in Unix time.
    var seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    static var now: HTTPDate { HTTPDate(seconds: Int64(Date().timeIntervalSince1970)) }

    static func < (left: HTTPDate, right: HTTPDate) -> Bool { left.seconds < right.seconds }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// 1970 began on a Thursday.
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let secondsOfDay: Int64 = 86_400

    /// Reads each of the three forms that recipients must understand: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`. The name of the weekday is not looked at.
    ///
    /// - Parameter now: A year of two digits lies at most 50 years after this.
    init?(_ text: String, now: HTTPDate = .now) {
        guard text.utf8.count <= 40 else { return nil }
        let words = text.split { $0 == " " || $0 == "-" || $0 == "," }
        let isAsctime = !text.contains(",")
        guard words.count == (isAsctime ? 5 : 6), isAsctime || words[5] == "GMT" else { return nil }
        let (dayWord, monthWord, yearWord, timeWord) =
            isAsctime ? (words[2], words[1], words[4], words[3]) : (words[1], words[2], words[3], words[4])
        let time = timeWord.split(separator: ":", omittingEmptySubsequences: false).map(Self.number)
        guard let day = Self.number(dayWord), let month = Self.months.firstIndex(of: String(monthWord)), var year = Self.number(yearWord),
            time.count == 3, let hour = time[0], let minute = time[1], let second = time[2],
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        if yearWord.count == 2 {
            let thisYear = Self.civil(day: now.seconds / Self.secondsOfDay).year
            year += thisYear - thisYear % 100
            if year > thisYear + 50 { year -= 100 }
        } else if yearWord.count != 4 {
            return nil
        }
        let days = Self.day(year: year, month: Int64(month) + 1, day: day)
        guard Self.civil(day: days).day == day else { return nil }
        seconds = days * Self.secondsOfDay + hour * 3600 + minute * 60 + second
    }

    /// In the preferred form. Years before 0 and after 9999 have none there; the nearest that has one stands for them.
    var text: String {
        let seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
        let days = seconds.quotientRoundedDown(by: Self.secondsOfDay)
        let time = seconds - days * Self.secondsOfDay
        let date = Self.civil(day: days)
        let weekday = Self.weekdays[Int(days - days.quotientRoundedDown(by: 7) * 7)]
        let month = Self.months[Int(date.month - 1)]
        return "\(weekday), \(Self.digits(date.day, 2)) \(month) \(Self.digits(date.year, 4)) "
            + "\(Self.digits(time / 3600, 2)):\(Self.digits(time / 60 % 60, 2)):\(Self.digits(time % 60, 2)) GMT"
    }

    private static func number(_ word: Substring) -> Int64? {
        word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && word.utf8.count <= 4 ? Int64(word) : nil
    }

    private static func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    // MARK: - The Gregorian calendar
    // Years begin in March here, so that the leap day is the last of its year; 400 years have 146,097 days.
    // Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".

    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year.quotientRoundedDown(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let day = day + 719_468
        let era = day.quotientRoundedDown(by: 146_097)
        let dayOfEra = day - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func quotientRoundedDown(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
    }
}
