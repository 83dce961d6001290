import Logging
import NIOCore
import Synchronization

/// One SSH connection: a libssh2 session that lives on one event loop.
///
/// Every call of libssh2 is tried at once and, while it would block, again whenever more bytes have arrived. All calls that wait are tried
/// then, in the order in which they began to wait, since libssh2 hands a packet to whichever call reads it first and keeps it for the
/// one it belongs to.
actor SSHConnection {
    enum State {
        case open
        case closed(SSHError)
    }

    nonisolated let eventLoop: any EventLoop
    // The actor's reference to its executor is unowned, so it is held here.
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// `host:port`, for messages.
    nonisolated let name: String
    let logger: Logger

    let session: SessionHandle
    private(set) var state = State.open
    private(set) var transport: (any SSHTransport)?
    private var onClose: (@Sendable () -> Void)?

    private var pending: [PendingOperation] = []
    private var isAdvancing = false
    private var lastID = 0

    /// The channels in use, by our own number for each.
    var channels: [ChannelID: ChannelHandle] = [:]
    var commands: [ChannelID: CommandChannel] = [:]
    var openings = OpenQueue()
    var closing: [ChannelHandle] = []
    var tunnel: Tunnel?
    var sftpStreams: [ChannelID: SFTPStream] = [:]
    nonisolated let sftpChannels = Mutex(SFTPChannels())
    var keepAlive = KeepAliveClock()

    init(name: String, on eventLoop: any EventLoop, logger: Logger) throws {
        self.name = name
        self.eventLoop = eventLoop
        self.executor = eventLoop.executor
        self.logger = logger
        session = try SessionHandle()
    }

    func start(over transport: any SSHTransport) {
        guard isOpen else { return transport.close() }
        self.transport = transport
        advance()
    }

    /// From now on the connection's end is told, once, whoever ends it.
    ///
    /// - Throws: Why it has ended already.
    func onClose(_ body: @escaping @Sendable () -> Void) throws {
        if case .closed(let error) = state { throw error }
        onClose = body
    }

    var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    var isWritable: Bool { transport?.isWritable ?? false }

    /// Whether more may be sent. Hands on what has gathered before, so that the server works on it while the next is encrypted. That may lead to
    /// ``advance()`` at once, by way of the channel's writability.
    func hasWay() -> Bool {
        if session.buffers.outbound.readableBytes >= SessionBuffers.enough { flush() }
        return isWritable
    }

    func makeID() -> Int {
        lastID += 1
        return lastID
    }

    // MARK: Calls that may have to wait

    /// Makes a call of libssh2 now and again whenever more has arrived, until it is finished.
    ///
    /// - Throws: What `attempt` throws, errors of libssh2 as ``SSHError``; `timeout` at the deadline; `CancellationError`; or why the connection
    ///   has ended. In the last three cases the call is left unfinished.
    func perform<Value: Sendable>(
        until deadline: NIODeadline, orThrow timeout: SSHError, _ attempt: @escaping () throws -> Progress<Value>
    ) async throws -> Value {
        try requireOpen()
        if case .finished(let value) = try attemptNow(attempt) { return value }
        let id = makeID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let operation = PendingOperation(id: id) {
                    do {
                        guard case .finished(let value) = try attempt() else { return false }
                        continuation.resume(returning: value)
                    } catch {
                        continuation.resume(throwing: self.translated(error))
                        self.noteBreak(error)
                    }
                    return true
                } fail: {
                    continuation.resume(throwing: $0)
                }
                wait(operation, until: deadline, orThrow: timeout)
            }
        } onCancel: {
            // On the loop this comes after the registration above, which runs there without a pause.
            eventLoop.execute { self.assumeIsolated { $0.abandon(id, CancellationError()) } }
        }
    }

    private func wait(_ operation: PendingOperation, until deadline: NIODeadline, orThrow timeout: SSHError) {
        if case .closed(let error) = state { return operation.fail(error) }
        pending.append(operation)
        let id = operation.id
        operation.timer = eventLoop.scheduleTask(deadline: deadline) { [weak self] in
            self?.assumeIsolated { $0.abandon(id, timeout) }
        }
    }

    private func abandon(_ id: Int, _ error: any Error) {
        guard let index = pending.firstIndex(where: { $0.id == id }) else { return }
        let operation = pending.remove(at: index)
        operation.timer?.cancel()
        operation.fail(error)
    }

    /// Makes a call of libssh2 and sends what it has left to be sent.
    func attemptNow<Value>(_ attempt: () throws -> Progress<Value>) throws -> Progress<Value> {
        defer { flush() }
        do {
            return try attempt()
        } catch {
            noteBreak(error)
            throw translated(error)
        }
    }

    func requireOpen() throws {
        if case .closed(let error) = state { throw error }
    }

    // MARK: What the transport reports

    func receive(_ bytes: ByteBuffer) {
        guard isOpen else { return }
        keepAlive.heard()
        if session.buffers.inbound.readableBytes == 0 {
            session.buffers.inbound = bytes
        } else {
            session.buffers.inbound.writeImmutableBuffer(bytes)
        }
        // The windows of all channels together are far smaller: such a server does not keep to the protocol.
        if session.buffers.inbound.readableBytes > Self.maximumInbound {
            fail(SSHError(.connectionLost, "\(name) sent more than it was allowed to; the connection was closed."))
        }
    }

    private static let maximumInbound = 64 * 1024 * 1024

    /// Tries everything that waits, in order.
    func advance() {
        guard isOpen, !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        advanceOpenings()
        let operations = pending
        for operation in operations where operation.attempt() {
            operation.timer?.cancel()
            pending.removeAll { $0 === operation }
        }
        advanceClosing()
        advanceTunnel()
        advanceSFTP()
        flush()
        finishBreak()
    }

    func transportClosed(_ reason: String) {
        fail(SSHError(.connectionLost, "The SSH connection to \(name) has ended.", causes: [reason]))
    }

    func flush() {
        guard session.buffers.outbound.readableBytes > 0 else { return }
        let bytes = session.buffers.outbound
        session.buffers.outbound = ByteBuffer()
        transport?.send(bytes)
    }

    // MARK: The end

    /// The error that will end the connection as soon as the calls going on have returned.
    private var breakCause: SSHError?

    /// Remembers an error after which the connection is of no use.
    func noteBreak(_ error: any Error) {
        guard let error = error as? LibSSH2Error, error.breaksConnection, breakCause == nil else { return }
        breakCause = SSHError(.connectionLost, "The SSH connection to \(name) broke.", causes: [error.description])
        // Not at once: this may be called from within the very session that is to be freed.
        eventLoop.execute { [weak self] in self?.assumeIsolated { $0.finishBreak() } }
    }

    private func finishBreak() {
        if let breakCause { fail(breakCause) }
    }

    func translated(_ error: any Error) -> any Error {
        guard let error = error as? LibSSH2Error else { return error }
        return SSHError(
            error.breaksConnection ? .connectionLost : .channelRefused, "The SSH connection to \(name) failed.", causes: [error.description])
    }

    /// Says good-bye to the server and closes the connection. What is still going on fails.
    func close() {
        guard isOpen else { return }
        session.disconnect(reason: "closed by Goldcrest")
        flush()
        fail(SSHError(.connectionLost, "The SSH connection to \(name) was closed by this side."))
    }

    /// Ends the connection and everything that waits on it.
    func fail(_ error: SSHError) {
        guard isOpen else { return }
        state = .closed(error)
        keepAlive.cancel()
        transport?.close()
        transport = nil
        channels.removeAll()
        commands.removeAll()
        closing.removeAll()
        endTunnel(error)
        endSFTP(error)
        session.free()
        session.buffers.inbound = ByteBuffer()
        session.buffers.outbound = ByteBuffer()
        let operations = pending
        pending = []
        for operation in operations {
            operation.timer?.cancel()
            operation.fail(error)
        }
        failOpenings(error)
        onClose?()
        onClose = nil
    }
}
