import Logging
import Synchronization

/// A log that keeps its messages for a test.
final class LogRecord: LogHandler {
    private let record = Mutex<[String]>([])

    var messages: [String] { record.withLock { $0 } }

    var metadata: Logger.Metadata { get { [:] } set {} }
    var logLevel: Logger.Level { get { .trace } set {} }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? { get { nil } set {} }

    func log(event: LogEvent) {
        record.withLock { $0.append("\(event.message)") }
    }
}
