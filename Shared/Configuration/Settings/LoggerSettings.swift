/// The section `logger`.
public struct LoggerSettings: Sendable, Equatable {
    /// Whether every request and remote command is logged for tracing.
    public var enableTracingLog: Bool
    public var loggableRequestHeaders: [LoggableHeader]

    /// A request header that the log shows.
    public struct LoggableHeader: Sendable, Equatable {
        /// The header's name in the request.
        public var input: String
        /// The field's name in the log.
        public var output: String

        public init(input: String, output: String) {
            self.input = input
            self.output = output
        }
    }

    public init(enableTracingLog: Bool = false, loggableRequestHeaders: [LoggableHeader] = []) {
        self.enableTracingLog = enableTracingLog
        self.loggableRequestHeaders = loggableRequestHeaders
    }
}
