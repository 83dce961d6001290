public import FoundationEssentials

/// The API's times: ISO 8601 in UTC with a `Z` and, unless it is a whole second, milliseconds, as in `2026-03-01T12:34:56.789Z`.
public enum UTCTimestamp {
    public static func text(of date: Date) -> String {
        // Rounded first: the style cuts, and a binary fraction is often a little less than the decimal one.
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        let hasFraction = milliseconds.truncatingRemainder(dividingBy: 1000) != 0
        // A quarter of a millisecond on top keeps the cut on the right side.
        let shown = Date(timeIntervalSince1970: (milliseconds + (hasFraction ? 0.25 : 0)) / 1000)
        return shown.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction))
    }

    /// Reads a time with or without a fraction; the zone must be there.
    public static func date(from text: String) -> Date? {
        (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: false).parse(text))
    }
}
