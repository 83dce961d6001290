/// How OpenPBS's commands write times.
enum PBSTime {
    /// More than any system runs a job; what is above is no time.
    private static let mostHours = 24_000_000

    /// A duration `hours:minutes:seconds`, hours being as many as there are, in seconds. Fractions of a second are dropped.
    static func duration(_ text: String?) -> Int? {
        guard let parts = text?.split(separator: ":", omittingEmptySubsequences: false), (1...3).contains(parts.count) else { return nil }
        var seconds = 0
        for part in parts {
            guard let number = Int(part.prefix { $0 != "." }), (0...(mostHours * 3600)).contains(number) else { return nil }
            seconds = seconds * 60 + number
        }
        return seconds
    }

    /// A point in time, `Sat Nov 21 00:13:22 2026`, in seconds since 1970.
    ///
    /// The servers tell seconds, of which the commands make such text by ctime(3), `src/cmds/qstat.c`; hence `TZ=UTC` in their
    /// environment makes it UTC wherever server and user are. Those that a release does not know to be times stay numbers.
    static func point(_ text: String?) -> Int? {
        guard let text else { return nil }
        if let seconds = Int(text) { return seconds > 0 ? seconds : nil }
        let words = text.split(separator: " ")
        guard words.count == 5, let month = months.firstIndex(of: words[1]), let day = Int(words[2]), let year = Int(words[4]),
            let second = duration(String(words[3])), (1...31).contains(day), (1970...9999).contains(year), second <= 86400
        else { return nil }
        return (days(year: year, month: month + 1) + day - 1) * 86400 + second
    }

    private static let months: [Substring] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The days from 1970 to the first day of a month. Years are counted from March, so that February is their last month.
    private static func days(year: Int, month: Int) -> Int {
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 - 719_468
    }
}
