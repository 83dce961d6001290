import Logging
import Synchronization

/// Keeps what is logged, for tests of what the log tells.
final class LogRecorder: Sendable {
    struct Line: Sendable {
        let message: String
        let level: Logger.Level
        let fields: [String: String]
    }

    private let recorded = Mutex<[Line]>([])

    var lines: [Line] { recorded.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
            recorder.recorded.withLock { $0.append(Line(message: "\(event.message)", level: event.level, fields: fields)) }
        }
    }
}
