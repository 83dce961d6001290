import GoldcrestProtocol
import Logging

/// Tells the log when something begins to fail and when it works again, however often it is tried in between.
struct TroubleLog: Sendable {
    private let what: Logger.Message
    private let metadata: Logger.Metadata
    private let logger: Logger
    private var start: ContinuousClock.Instant?

    /// - Parameter what: What cannot be done while it lasts.
    init(_ what: Logger.Message, metadata: Logger.Metadata = [:], logger: Logger) {
        self.what = what
        self.metadata = metadata
        self.logger = logger
    }

    mutating func failed(_ error: any Error) {
        guard start == nil else { return }
        start = .now
        logger.warning(what, metadata: metadata.merging(["error": "\((error as? APIError).map(\.words) ?? "\(error)")"]) { $1 })
    }

    mutating func succeeded() {
        guard let start else { return }
        self.start = nil
        let seconds = (ContinuousClock.now - start).components.seconds
        logger.notice("that is over", metadata: metadata.merging(["trouble": "\(what)", "seconds": "\(seconds)"]) { $1 })
    }
}

extension APIError {
    /// The message and what led to it.
    fileprivate var words: String { ([message] + causes).joined(separator: ": ") }
}
