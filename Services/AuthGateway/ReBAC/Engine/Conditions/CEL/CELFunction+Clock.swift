extension CELFunction {
    /// Whether it says what a calendar or clock shows.
    var isOfClock: Bool {
        switch self {
        case .getFullYear, .getMonth, .getDayOfYear, .getDayOfMonth, .getDate, .getDayOfWeek, .getHours, .getMinutes, .getSeconds, .getMilliseconds:
            true
        default: false
        }
    }

    /// Of a timestamp in a time zone, UTC if none is named; or the whole length of a duration in a unit.
    func clock(_ arguments: [CELValue]) throws(CELError) -> Int64 {
        let offset: Int64
        switch (arguments[0], arguments.count) {
        case (.duration(let duration), 1): return try length(of: duration)
        case (.timestamp, 1): offset = 0
        case (.timestamp, 2):
            guard case .string(let zone) = arguments[1] else { throw .noOverload(rawValue, arguments) }
            offset = try TimeZoneOffset.seconds(zone.text)
        default: throw .noOverload(rawValue, arguments)
        }
        guard case .timestamp(let timestamp) = arguments[0] else { throw .noOverload(rawValue, arguments) }
        return try reading(ClockReading(of: timestamp, offset: offset))
    }

    /// CEL counts months, days of the year and days of the month from 0, except for `getDate`, and days of the week from Sunday.
    private func reading(_ clock: ClockReading) throws(CELError) -> Int64 {
        switch self {
        case .getFullYear: return clock.date.year
        case .getMonth: return clock.date.month - 1
        case .getDayOfYear: return clock.date.dayOfYear
        case .getDayOfMonth: return clock.date.day - 1
        case .getDate: return clock.date.day
        case .getDayOfWeek: return clock.dayOfWeek
        case .getHours: return clock.hour
        case .getMinutes: return clock.minute
        case .getSeconds: return clock.second
        case .getMilliseconds: return clock.nanoseconds / 1_000_000
        default: throw CELError("no such overload: '\(rawValue)' of a timestamp")
        }
    }

    private func length(of duration: CELDuration) throws(CELError) -> Int64 {
        switch self {
        case .getHours: return duration.nanoseconds / 3_600_000_000_000
        case .getMinutes: return duration.nanoseconds / 60_000_000_000
        case .getSeconds: return duration.nanoseconds / 1_000_000_000
        case .getMilliseconds: return duration.nanoseconds / 1_000_000
        default: throw .noOverload(rawValue, [.duration(duration)])
        }
    }
}

/// Time zones as conditions name them. Zones with rules of their own, such as `Europe/Zurich`, are not known: the engine reads no files.
enum TimeZoneOffset {
    /// East of Greenwich.
    static func seconds(_ name: String) throws(CELError) -> Int64 {
        if name.isEmpty || name == "UTC" { return 0 }
        let isWest = name.hasPrefix("-")
        let digits = isWest || name.hasPrefix("+") ? name.dropFirst() : name[...]
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = number(parts[0], atMost: 23), let minutes = number(parts[1], atMost: 59) else {
            throw CELError("unknown time zone '\(name)'; supported are 'UTC' and offsets such as '+01:00'")
        }
        return (isWest ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static func number(_ text: Substring, atMost greatest: Int64) -> Int64? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(text).flatMap { $0 <= greatest ? $0 : nil }
    }
}
