import NIOCore
import Synchronization

/// One SFTP channel of a connection, as the tasks see it that share it: they put requests in, and wait for the replies.
///
/// Goldcrest speaks the protocol itself (version 3, draft-ietf-secsh-filexfer-02, with OpenSSH's extensions) over a libssh2 channel, rather than
/// by `libssh2_sftp_*`: libssh2 1.10 has no `posix-rename@openssh.com`, so it can replace no file in one step; it runs one call at a time on
/// each handle, and each more handle is one more process on the login node; and a call that is given up leaves its handle unusable.
/// Here every request has a number, so all requests of a user share one channel, late replies are dropped, and requests go out together.
///
/// Requests of all tasks gather here until the connection's event loop takes them, all at once; there ``SFTPStream`` goes on.
final class SFTPClient: Sendable {
    private struct State {
        var queue = SFTPRequestQueue()
        /// Why nothing more is sent.
        var end: SSHError?
    }

    let id: ChannelID
    let connection: SSHConnection
    let abilities: SFTPAbilities
    private let state = Mutex(State())
    private let openFiles = Atomic(0)
    /// When the server last sent something, in nanoseconds of uptime.
    private let lastHeard = Atomic(NIODeadline.now().uptimeNanoseconds)

    init(id: ChannelID, connection: SSHConnection, abilities: SFTPAbilities) {
        self.id = id
        self.connection = connection
        self.abilities = abilities
    }

    /// Sends a request, now or after those that wait already. It is sent even if the task is cancelled, which allows for tidying up.
    func send(_ request: SFTPRequest, timeout: TimeAmount, _ departure: SFTPRequestQueue.Departure = .now) -> SFTPCall {
        let now = NIODeadline.now()
        return send(request, departure, since: now, deadline: now + timeout, reply: PendingReply())
    }

    /// Sends a request that opens something, and twice what is wanted of its handle as soon as that comes, without waking a task in between.
    ///
    /// - Returns: The opening, and the calls that follow. Those fail when it does.
    func open(
        _ request: SFTPRequest, timeout: TimeAmount, thenTwice make: @escaping @Sendable (_ handle: [UInt8]) -> SFTPRequest
    ) -> (opening: SFTPCall, first: SFTPCall, second: SFTPCall) {
        let now = NIODeadline.now()
        let (first, second) = (HandleRequest(make: make), HandleRequest(make: make))
        let opening = send(request, since: now, deadline: now + timeout, reply: PendingReply(), onceOpen: [first, second])
        return (opening, SFTPCall(client: self, since: now, reply: first.reply), SFTPCall(client: self, since: now, reply: second.reply))
    }

    /// What is asked of a handle that is not there yet.
    struct HandleRequest: Sendable {
        let make: @Sendable (_ handle: [UInt8]) -> SFTPRequest
        let reply = PendingReply<SFTPPacket>()
    }

    func send(_ request: HandleRequest, of handle: [UInt8], since: NIODeadline, deadline: NIODeadline) {
        _ = send(request.make(handle), since: since, deadline: deadline, reply: request.reply)
    }

    private func send(
        _ request: SFTPRequest, _ departure: SFTPRequestQueue.Departure = .now, since: NIODeadline, deadline: NIODeadline,
        reply: PendingReply<SFTPPacket>, onceOpen: [HandleRequest] = []
    ) -> SFTPCall {
        let call = SFTPCall(client: self, since: since, reply: reply)
        let (end, wakeup) = state.withLock { state -> (SSHError?, SFTPRequestQueue.Wakeup?) in
            if let end = state.end { return (end, nil) }
            let wakeup = state.queue.add(request, departure) { id in
                SFTPStream.Call(id: id, since: since, deadline: deadline, reply: reply, onceOpen: onceOpen)
            }
            return (nil, wakeup)
        }
        if let end { reply.finish(.failure(end)) }
        switch wakeup {
        case nil: break
        case .now: connection.eventLoop.execute { [self] in connection.assumeIsolated { $0.sendSFTP(on: id) } }
        case .later:
            connection.eventLoop.scheduleTask(in: SFTPRequestQueue.leisure) { [self] in
                state.withLock { $0.queue.timerFired() }
                connection.assumeIsolated { $0.sendSFTP(on: id) }
            }
        }
        return call
    }

    // MARK: What is known of the channel

    /// How many files are open, and so perhaps being read or written.
    var openFileCount: Int { openFiles.load(ordering: .relaxed) }

    func fileOpened() {
        openFiles.add(1, ordering: .relaxed)
    }

    func fileClosed() {
        openFiles.subtract(1, ordering: .relaxed)
    }

    func heard(at time: NIODeadline) {
        lastHeard.store(time.uptimeNanoseconds, ordering: .relaxed)
    }

    /// So long after its last sign of life a server is asked for another before it is relied on, and so long it may take for that: it may have died
    /// unnoticed, or hang in a file system, in which OpenSSH's does nothing else.
    private static let quietTime = TimeAmount.seconds(1)
    private static let patience = TimeAmount.seconds(2)

    private struct NoAnswer: Error {}

    /// Whether the server was heard of lately, or answers a request without effect in a moment.
    func isResponsive(timeout: TimeAmount) async throws -> Bool {
        guard NIODeadline.uptimeNanoseconds(lastHeard.load(ordering: .relaxed)) + Self.quietTime <= .now() else { return true }
        let call = send(.attributes([UInt8(ascii: "/")]), timeout: max(timeout, Self.patience))
        let timer = connection.eventLoop.scheduleTask(in: Self.patience) { _ = call.reply.finish(.failure(NoAnswer())) }
        defer { timer.cancel() }
        do {
            _ = try await call.attributes()
            return true
        } catch is SFTPFailure {
            return true
        } catch is NoAnswer {
            return false
        }
    }

    // MARK: On the event loop

    /// The requests that have gathered since the last time.
    func takeBatch() -> SFTPRequestQueue.Batch {
        state.withLock { $0.queue.take() }
    }

    /// Sends nothing more; what has gathered fails.
    func end(_ error: SSHError) {
        let calls = state.withLock { state in
            state.end = error
            return state.queue.take().calls
        }
        for call in calls { call.finish(.failure(error)) }
    }

    /// Ends the channel, since the server does not keep to the protocol.
    func reject(_ malformed: SFTPMalformed) -> SSHError {
        let error = SSHError.malformed(malformed, from: connection.name)
        connection.eventLoop.execute { [self] in connection.assumeIsolated { $0.endSFTP(on: id, error) } }
        return error
    }
}

extension SSHError {
    static func malformed(_ malformed: SFTPMalformed, from name: String) -> SSHError {
        SSHError(.connectionLost, "\(name) does not keep to SFTP; its channel was closed.", causes: ["It sent \(malformed.what)"])
    }
}
