import DequeModule
import NIOCore
import Synchronization

/// The channels that are to be opened. libssh2 keeps the state of an opening on the session, so they are opened one at a time.
struct OpenQueue {
    final class Request {
        let id: Int
        let attempt: (SessionHandle) throws -> Progress<ChannelHandle>
        /// Nil once nobody waits any more.
        var continuation: CheckedContinuation<ChannelID, any Error>?
        var timer: Scheduled<Void>?
        /// Whether libssh2 has sent the request, so that it must be brought to its end.
        var isStarted = false

        init(id: Int, attempt: @escaping (SessionHandle) throws -> Progress<ChannelHandle>, continuation: CheckedContinuation<ChannelID, any Error>) {
            self.id = id
            self.attempt = attempt
            self.continuation = continuation
        }
    }

    var requests: Deque<Request> = []
}

extension SSHConnection {
    /// Opens a channel of the kind `session`, on which one command can be run.
    func openSessionChannel(until deadline: NIODeadline) async throws -> ChannelID {
        try await openChannel(until: deadline) { session in
            try session.openSessionChannel()
        }
    }

    /// Opens a channel once those asked for before are opened.
    ///
    /// Cancelled or late, the server's answer is awaited all the same, and the channel then closed: libssh2 can open no other before.
    func openChannel(
        until deadline: NIODeadline, _ attempt: @escaping (SessionHandle) throws -> Progress<ChannelHandle>
    ) async throws -> ChannelID {
        try requireOpen()
        let id = makeID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let request = OpenQueue.Request(id: id, attempt: attempt, continuation: continuation)
                openings.requests.append(request)
                request.timer = eventLoop.scheduleTask(deadline: deadline) { [weak self] in
                    self?.assumeIsolated { connection in
                        let name = connection.name
                        connection.abandonOpening(id, SSHError(.timedOut, "\(name) did not open an SSH channel in time."))
                    }
                }
                advanceOpenings()
                flush()
            }
        } onCancel: {
            eventLoop.execute { self.assumeIsolated { $0.abandonOpening(id, CancellationError()) } }
        }
    }

    func advanceOpenings() {
        while isOpen, let request = openings.requests.first {
            request.isStarted = true
            do {
                guard case .finished(let channel) = try request.attempt(session) else { return }
                openings.requests.removeFirst()
                opened(channel, for: request)
            } catch {
                openings.requests.removeFirst()
                request.timer?.cancel()
                request.continuation?.resume(throwing: refusal(error))
                noteBreak(error)
            }
        }
    }

    private func opened(_ channel: ChannelHandle, for request: OpenQueue.Request) {
        request.timer?.cancel()
        guard let continuation = request.continuation else { return close(channel) }
        let id = ChannelID(rawValue: request.id)
        channels[id] = channel
        continuation.resume(returning: id)
    }

    private func refusal(_ error: any Error) -> any Error {
        guard let error = error as? LibSSH2Error, !error.breaksConnection else { return translated(error) }
        return SSHError(.channelRefused, "\(name) refuses to open an SSH channel.", causes: [error.description])
    }

    private func abandonOpening(_ id: Int, _ error: any Error) {
        guard let index = openings.requests.firstIndex(where: { $0.id == id }) else { return }
        let request = openings.requests[index]
        request.timer?.cancel()
        request.continuation?.resume(throwing: error)
        request.continuation = nil
        guard request.isStarted else {
            openings.requests.remove(at: index)
            return
        }
        request.timer = eventLoop.scheduleTask(in: .seconds(10)) { [weak self] in
            self?.assumeIsolated { connection in
                guard connection.openings.requests.first?.id == id else { return }
                connection.fail(SSHError(.connectionLost, "\(connection.name) does not answer the request for an SSH channel; the connection was closed."))
            }
        }
    }

    func failOpenings(_ error: SSHError) {
        let requests = openings.requests
        openings.requests = []
        for request in requests {
            request.timer?.cancel()
            request.continuation?.resume(throwing: error)
        }
    }

    /// The channel with a number, unless it is closed.
    func channel(_ id: ChannelID) throws -> ChannelHandle {
        try requireOpen()
        guard let channel = channels[id] else { throw SSHError(.connectionLost, "The SSH channel is closed.") }
        return channel
    }

    /// Whether nothing is in use or being opened.
    var isUnused: Bool { channels.count == sftpChannels.withLock { $0.unusedCount } && openings.requests.isEmpty && closing.isEmpty }

    /// Closes a channel; a command that still runs on it is told to end. The rest, the server's consent, happens by itself.
    func closeChannel(_ id: ChannelID) {
        let command = commands.removeValue(forKey: id)
        guard let channel = channels.removeValue(forKey: id) else { return }
        if let command, command.isStarted, !command.hasExited, let group = command.group { end(group) }
        close(channel)
        flush()
    }

    private func close(_ channel: ChannelHandle) {
        guard isOpen else { return }
        do {
            if case .needsInput = try channel.close() { closing.append(channel) }
        } catch {
            noteBreak(error)
        }
    }

    func advanceClosing() {
        guard !closing.isEmpty else { return }
        let channels = closing
        closing = []
        for channel in channels { close(channel) }
    }
}
