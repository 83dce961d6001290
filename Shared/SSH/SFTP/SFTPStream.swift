import CLibSSH2
import DequeModule
import NIOCore

/// The bytes of one SFTP channel: what is still to be written, what was read, whose reply is to come. Used on the connection's event loop only.
final class SFTPStream {
    /// A request that was sent.
    struct Call {
        let id: UInt32
        let since: NIODeadline
        let deadline: NIODeadline
        let reply: PendingReply<SFTPPacket>
        /// What is asked of the handle as soon as it comes, if the call opens something.
        var onceOpen: [SFTPClient.HandleRequest] = []

        /// - Returns: Whether somebody wants the reply.
        @discardableResult
        func finish(_ result: Result<SFTPPacket, any Error>) -> Bool {
            for request in onceOpen { request.reply.finish(.failure(CancellationError())) }
            return reply.finish(result)
        }
    }

    /// So many requests that were given up may lack their replies before the server is not to be believed any more.
    private static let maximumAbandoned = 100_000

    private let channel: ChannelHandle
    private var start = Start.subsystem
    private var packets = SFTPPacketReader()
    /// Never empty buffers.
    private var unsent: Deque<ByteBuffer> = []
    private var calls: [UInt32: Call] = [:]
    /// Calls that were given up and whose replies may still come.
    private var abandoned: Set<UInt32> = []
    private var lastHeard = NIODeadline.now()
    /// Before this time no call is late.
    private(set) var nextDeadline: NIODeadline?
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    /// Set once the channel is open to requests.
    var client: SFTPClient?

    init(_ channel: ChannelHandle) {
        self.channel = channel
        var initialization = ByteBuffer()
        initialization.writeSFTPInitialization()
        unsent.append(initialization)
    }

    // MARK: The start

    /// What is waited for.
    private enum Start {
        case subsystem
        case version
        case limits(SFTPAbilities)
    }

    /// Starts the server's SFTP, agrees with it on the version and asks what it can do.
    ///
    /// - Throws: ``SFTPUnavailable`` if there is none, or none that can be used.
    func start(while isWritable: () -> Bool) throws -> Progress<SFTPAbilities> {
        if case .subsystem = start {
            guard case .finished = try startSubsystem() else { return .needsInput }
            start = .version
        }
        do {
            try write(while: isWritable)
            try receive()
            while let packet = try packets.next() {
                if let abilities = try agree(packet) { return .finished(abilities) }
                try write(while: isWritable)
            }
        } catch let error as SFTPMalformed {
            throw SFTPUnavailable("The server's SFTP does not keep to the protocol: it sent \(error.what).")
        } catch let error as LibSSH2Error where !error.breaksConnection {
            throw SFTPUnavailable("The server's SFTP ended at once: \(error)")
        }
        if channel.isAtEnd { throw SFTPUnavailable("The server's SFTP ended at once.") }
        return .needsInput
    }

    /// - Returns: What has been agreed on; nil if the server was asked for more.
    private func agree(_ packet: SFTPPacket) throws -> SFTPAbilities? {
        if case .limits(var abilities) = start {
            abilities.limits = try SFTPLimits(packet)
            return abilities
        }
        let version = try Self.version(packet)
        let abilities = SFTPAbilities(of: version)
        guard version.extensions[SFTPLimits.extensionName] == "1" else { return abilities }
        start = .limits(abilities)
        var request = ByteBuffer()
        request.writeSFTPRequest(.limits, id: 0)
        unsent.append(request)
        return nil
    }

    private func startSubsystem() throws -> Progress<Void> {
        do {
            guard case .finished = try channel.startSubsystem("sftp") else { return .needsInput }
            try channel.ignoreErrors()
            return .finished(())
        } catch let error as LibSSH2Error where !error.breaksConnection {
            throw SFTPUnavailable("The server does not offer SFTP.")
        }
    }

    private static func version(_ packet: SFTPPacket) throws -> SFTPVersion {
        let version = try SFTPVersion(packet)
        guard version.number >= SFTPRequest.version else {
            throw SFTPUnavailable("The server speaks version \(version.number) of SFTP, version \(SFTPRequest.version) is needed.")
        }
        return version
    }

    // MARK: Requests

    func add(_ batch: SFTPRequestQueue.Batch) {
        if batch.packets.readableBytes > 0 { unsent.append(batch.packets) }
        for call in batch.calls {
            calls[call.id] = call
            nextDeadline = min(nextDeadline ?? call.deadline, call.deadline)
        }
    }

    /// Writes what the server and the transport have room for.
    func write(while isWritable: () -> Bool) throws {
        // Asking whether there is room may send, and what is sent may make room, which leads here again.
        while !unsent.isEmpty, isWritable(), var bytes = unsent.popFirst() {
            let progress = try bytes.withUnsafeReadableBytes { try channel.write($0) }
            if case .finished(let count) = progress { bytes.moveReaderIndex(forwardBy: count) }
            if bytes.readableBytes > 0 { unsent.prepend(bytes) }
            guard case .finished = progress else { return }
        }
    }

    // MARK: Replies

    /// Hands on all replies that have arrived.
    ///
    /// - Throws: ``SFTPMalformed``; errors of libssh2.
    func read() throws {
        while try receive() {
            while let packet = try packets.next() { try deliver(packet) }
        }
    }

    var isAtEnd: Bool { channel.isAtEnd }

    /// - Returns: Whether anything was there.
    @discardableResult
    private func receive() throws -> Bool {
        let count = try packets.receive { room in
            if case .bytes(let count) = try channel.read(.output, into: room) { count } else { 0 }
        }
        if count > 0 {
            lastHeard = .now()
            client?.heard(at: lastHeard)
        }
        return count > 0
    }

    private func deliver(_ packet: SFTPPacket) throws {
        if var call = calls.removeValue(forKey: packet.id) {
            if !call.onceOpen.isEmpty, !call.reply.isFinished, let handle = try Self.handle(packet) {
                for request in call.onceOpen { client?.send(request, of: handle, since: call.since, deadline: call.deadline) }
                call.onceOpen = []
            }
            if !call.finish(.success(packet)) { try tidyUp(packet) }
        } else if abandoned.remove(packet.id) != nil {
            try tidyUp(packet)
        } else {
            throw SFTPMalformed("a reply to a request that was not made")
        }
    }

    /// What was opened for somebody who does not wait any more is closed.
    private func tidyUp(_ packet: SFTPPacket) throws {
        guard let handle = try Self.handle(packet) else { return }
        _ = client?.send(.close(handle: handle), timeout: .seconds(60))
    }

    private static func handle(_ packet: SFTPPacket) throws -> [UInt8]? {
        guard packet.kind == .handle, case .handle(let handle) = try SFTPReply(packet) else { return nil }
        return handle
    }

    // MARK: Deadlines

    /// Gives up the calls that are late.
    ///
    /// - Returns: Whether the server has said nothing at all since one of them was sent.
    func expire(at now: NIODeadline, orThrow timeout: SSHError) throws -> Bool {
        timer = nil
        let late = calls.values.filter { $0.deadline <= now }
        for call in late {
            calls[call.id] = nil
            abandoned.insert(call.id)
            call.finish(.failure(timeout))
        }
        nextDeadline = calls.values.lazy.map(\.deadline).min()
        guard abandoned.count <= Self.maximumAbandoned else { throw SFTPMalformed("no replies to \(abandoned.count) requests") }
        return late.contains { $0.since > lastHeard }
    }

    /// Makes sure that ``expire(at:orThrow:)`` is called in time.
    func watchDeadlines(_ schedule: (NIODeadline) -> Scheduled<Void>) {
        guard let deadline = nextDeadline else { return }
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        timer = (deadline, schedule(deadline))
    }

    func fail(_ error: SSHError) {
        timer?.task.cancel()
        timer = nil
        client?.end(error)
        let calls = calls.values
        self.calls = [:]
        for call in calls { call.finish(.failure(error)) }
    }
}
