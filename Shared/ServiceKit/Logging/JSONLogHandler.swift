import Glibc
public import Logging

/// Writes each log entry as one line of JSON to standard error.
///
/// An entry has `time` (UTC, RFC 3339, milliseconds), `level`, `service`, `message`, and its metadata as further keys.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let service: String

    /// - Parameter service: The executable's name.
    public init(service: String, level: Logger.Level) {
        self.service = service
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = JSONLine()
        line.add("time", LogTime.now())
        line.add("level", event.level.rawValue)
        line.add("service", service)
        line.add("message", "\(event.message)")
        if let error = event.error { line.add("error", "\(error)") }
        for (key, value) in metadata where event.metadata?[key] == nil { line.add(key, "\(value)") }
        for (key, value) in event.metadata ?? [:] { line.add(key, "\(value)") }
        // One `write` call per line keeps the lines of concurrent tasks apart.
        _ = line.finished().withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// The time as logs show it.
private enum LogTime {
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var fields = tm()
        gmtime_r(&time.tv_sec, &fields)
        let milliseconds = time.tv_nsec / 1_000_000
        let date = "\(fields.tm_year + 1900)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday))"
        let clock = "\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec))"
        let fraction = String(milliseconds + 1000).dropFirst()
        return "\(date)T\(clock).\(fraction)Z"
    }

    private static func two(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
