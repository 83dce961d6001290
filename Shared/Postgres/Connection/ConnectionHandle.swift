import CLibPQ

/// A `PGconn` and its only owner: made by ``start(_:)``, freed with this object.
///
/// Not `Sendable`: libpq allows one thread at a time, which the connection's actor sees to.
final class ConnectionHandle {
    private let pointer: OpaquePointer
    private let notices: Notices

    /// What the server has said without being asked. libpq refers to it as long as the connection exists.
    private final class Notices {
        var isGoodbye = false
    }

    private init(pointer: OpaquePointer) {
        self.pointer = pointer
        notices = Notices()
        // Without a receiver of its own libpq writes the server's notices to standard error.
        PQsetNoticeReceiver(
            pointer,
            { context, result in
                guard let context, let severity = PQresultErrorField(result, goldcrest_pg_diag_severity) else { return }
                guard ["FATAL", "PANIC"].contains(String(cString: severity)) else { return }
                Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue().isGoodbye = true
            }, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit {
        PQfinish(pointer)
    }

    // MARK: - Connecting

    enum ConnectingStep {
        case wantsToRead, wantsToWrite, connected, failed
    }

    /// Begins to connect; `nil` when there is no memory.
    static func start(_ endpoint: PostgresEndpoint) -> ConnectionHandle? {
        let parameters = endpoint.parameters
        let pointer = withCStrings(parameters.map(\.keyword)) { keywords in
            withCStrings(parameters.map(\.value)) { values in
                PQconnectStartParams(keywords + [nil], values + [nil], 1)
            }
        }
        guard let pointer else { return nil }
        return ConnectionHandle(pointer: pointer)
    }

    /// `PQconnectStart` itself failed, or a later step did.
    var isBad: Bool { PQstatus(pointer) == CONNECTION_BAD }

    func continueConnecting() -> ConnectingStep {
        switch PQconnectPoll(pointer) {
        case PGRES_POLLING_READING: .wantsToRead
        case PGRES_POLLING_WRITING: .wantsToWrite
        case PGRES_POLLING_OK: .connected
        default: .failed
        }
    }

    /// The descriptor; it may be another one after each step of connecting. Negative when there is none.
    var socket: Int32 { PQsocket(pointer) }

    /// Makes ``send(_:parameters:)`` and ``flush()`` return instead of waiting for room in the socket's buffer.
    func stopBlocking() -> Bool { PQsetnonblocking(pointer, 1) == 0 }

    // MARK: - Statements

    /// Hands a statement with parameters to libpq, which copies it.
    func send(_ text: String, parameters: [String?]) -> Bool {
        Self.withCStrings(parameters) { values in
            PQsendQueryParams(pointer, text, Int32(clamping: values.count), nil, values, nil, nil, 0) == 1
        }
    }

    /// Hands over a text of one or several statements without parameters.
    func sendScript(_ text: String) -> Bool { PQsendQuery(pointer, text) == 1 }

    enum FlushStep {
        case done, pending, failed
    }

    func flush() -> FlushStep {
        switch PQflush(pointer) {
        case 0: .done
        case 1: .pending
        default: .failed
        }
    }

    /// Reads what the socket has; false when the connection is lost.
    func consumeInput() -> Bool { PQconsumeInput(pointer) == 1 }

    /// Whether the server has ended the connection, as far as the bytes that were read tell. Only while no command runs: an error that belongs to
    /// no command comes as a notice then, and it may be there some time before the end of the stream.
    var hasEnded: Bool { isBusy || isBad || notices.isGoodbye }

    /// ``nextResult()`` would block.
    var isBusy: Bool { PQisBusy(pointer) == 1 }

    /// The next result of the running command; `nil` at its end.
    func nextResult() -> ResultHandle? { PQgetResult(pointer).map(ResultHandle.init(takingOwnershipOf:)) }

    /// Neither a transaction nor a command is open.
    var isIdle: Bool { PQtransactionStatus(pointer) == PQTRANS_IDLE }

    /// What an open, healthy transaction shows.
    var isInTransaction: Bool { PQtransactionStatus(pointer) == PQTRANS_INTRANS }

    /// A handle with which the running command can be cancelled from another thread.
    func makeCancellation() -> CancellationHandle? { PQgetCancel(pointer).map(CancellationHandle.init(takingOwnershipOf:)) }

    /// The payload of the next notification that has arrived.
    func nextNotification() -> String? {
        guard let notification = PQnotifies(pointer) else { return nil }
        defer { PQfreemem(notification) }
        return notification.pointee.extra.map { String(cString: $0) } ?? ""
    }

    /// libpq's words for the last failure, in one line.
    var errorMessage: String {
        let text = PQerrorMessage(pointer).map { String(cString: $0) } ?? ""
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    // MARK: - Strings for C

    /// Lends the texts as C strings, `nil` as a null pointer. They lie in one buffer and live as long as the call.
    private static func withCStrings<Result>(_ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
        var characters: [CChar] = []
        var offsets: [Int?] = []
        for text in texts {
            offsets.append(text.map { _ in characters.count })
            guard let text else { continue }
            characters.append(contentsOf: text.utf8.lazy.map { CChar(bitPattern: $0) })
            characters.append(0)
        }
        return characters.withUnsafeBufferPointer { buffer in
            body(offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } })
        }
    }
}
