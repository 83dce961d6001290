/// The values that options of `sbatch` can have, see sbatch(1).
enum SlurmOptionValue {
    /// A limit of time: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`, `days-hours:minutes`, `days-hours:minutes:seconds`,
    /// `UNLIMITED`. A begun
    /// minute counts as one.
    ///
    /// - Returns: `nil` for what is none of these; within, `nil` for no limit.
    static func minutes(_ text: String) -> Int?? {
        if ["UNLIMITED", "INFINITE"].contains(text.uppercased()) { return .some(nil) }
        let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let clock = (halves.last ?? "").split(separator: ":", omittingEmptySubsequences: false).map { count($0) }
        guard (1...3).contains(clock.count), !clock.contains(nil), halves.count == 1 || count(halves[0]) != nil else { return nil }
        let parts = clock.compactMap { $0 }
        let days = halves.count == 2 ? count(halves[0]) ?? 0 : 0
        let seconds =
            switch (halves.count, parts.count) {
            case (2, _): zip(parts, [3600, 60, 1]).reduce(days * 86400) { $0 + $1.0 * $1.1 }
            case (_, 1): parts[0] * 60
            case (_, 2): parts[0] * 60 + parts[1]
            default: parts[0] * 3600 + parts[1] * 60 + parts[2]
            }
        return .some((seconds + 59) / 60)
    }

    /// An amount of memory: a number of MiB, or with K, M, G or T behind it. A begun MiB counts as one.
    static func mebibytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        guard let number = count(digits) else { return nil }
        switch text.dropFirst(digits.count).uppercased() {
        case "", "M", "MB": return number
        case "K", "KB": return (number + 1023) / 1024
        case "G", "GB": return number << 10
        case "T", "TB": return number << 20
        default: return nil
        }
    }

    /// `now`, or `now+` with a count and a unit, in seconds.
    static func delay(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: #/now(?:\+([0-9]{1,9})(seconds?|minutes?|hours?|days?|weeks?)?)?/#) else { return nil }
        guard let number = match.1.flatMap({ count($0) }) else { return 0 }
        return switch match.2?.first {
        case "m": number * 60
        case "h": number * 3600
        case "d": number * 86400
        case "w": number * 604800
        default: number
        }
    }

    /// A number so small that no unit makes it overflow.
    private static func count(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(text)
    }
}
