import Logging
import NIOCore
import Synchronization

extension SSHConnection {
    /// The channel for SFTP, opened for the first who wants it. To be left with ``leaveSFTP(_:)``.
    ///
    /// - Parameter timeout: For the opening.
    /// - Throws: ``SFTPUnavailable``; ``CommandNotStarted`` if another connection may do better; ``SSHError``; `CancellationError`.
    nonisolated func enterSFTP(timeout: TimeAmount) async throws -> SFTPClient {
        switch try sftpChannels.withLock({ try $0.enter() }) {
        case .open(let client):
            if try await isUsable(client, timeout: timeout) { return client }
            return try await enterSFTP(timeout: timeout)
        case .wait(let reply): return try await reply.value()
        case .openAndWait(let reply):
            // The channel serves all who wait for it, so its opening belongs to none of them.
            Task { await openSFTP(until: .now() + timeout) }
            return try await reply.value()
        }
    }

    /// Whether a channel that somebody has entered can be used; otherwise they have left it. One that does not answer is used as long as there are
    /// too many others like it.
    private nonisolated func isUsable(_ client: SFTPClient, timeout: TimeAmount) async throws -> Bool {
        do {
            if try await client.isResponsive(timeout: timeout) || !sftpChannels.withLock({ $0.replace(client.id) }) { return true }
        } catch {
            leaveSFTP(client)
            throw error
        }
        leaveSFTP(client)
        return false
    }

    nonisolated func leaveSFTP(_ client: SFTPClient) {
        guard sftpChannels.withLock({ $0.leave(client.id) }) else { return }
        eventLoop.execute { self.assumeIsolated { $0.endSFTP(on: client.id, $0.sftpHangs) } }
    }

    private func openSFTP(until deadline: NIODeadline) async {
        do {
            let client = try await openSFTPChannel(until: deadline)
            let waiting = sftpChannels.withLock { $0.opened(client) }
            for reply in waiting where !reply.finish(.success(client)) { leaveSFTP(client) }
        } catch {
            logger.debug("SFTP cannot be used", metadata: ["server": "\(name)", "error": "\(error)"])
            let waiting = sftpChannels.withLock { $0.openFailed(error) }
            for reply in waiting { reply.finish(.failure(error)) }
        }
    }

    private func openSFTPChannel(until deadline: NIODeadline) async throws -> SFTPClient {
        let id = try await openCommandChannel(until: deadline)
        do {
            let stream = SFTPStream(try channel(id))
            let late = SSHError(.timedOut, "\(name) did not start SFTP in time.")
            let abilities = try await perform(until: deadline, orThrow: late) { try stream.start(while: { self.hasWay() }) }
            // The connection may have ended in between.
            _ = try channel(id)
            let client = SFTPClient(id: id, connection: self, abilities: abilities)
            stream.client = client
            sftpStreams[id] = stream
            return client
        } catch {
            closeChannel(id)
            throw error
        }
    }

    // MARK: On the event loop

    /// Sends the requests that have gathered.
    func sendSFTP(on id: ChannelID) {
        guard isOpen, let stream = sftpStreams[id] else { return }
        onSFTP(id, stream) { stream in
            takeRequests(of: stream)
            try stream.write(while: { hasWay() })
        }
        flush()
    }

    /// Moves what has arrived and what waits in both directions.
    func advanceSFTP() {
        for (id, stream) in sftpStreams {
            onSFTP(id, stream) { stream in
                try stream.read()
                takeRequests(of: stream)
                try stream.write(while: { hasWay() })
            }
            guard isOpen else { return }
            if stream.isAtEnd { endSFTP(on: id, sftpEnded) }
        }
    }

    private func onSFTP(_ id: ChannelID, _ stream: SFTPStream, _ body: (SFTPStream) throws -> Void) {
        do {
            try body(stream)
        } catch let error as SFTPMalformed {
            endSFTP(on: id, .malformed(error, from: name))
        } catch {
            noteBreak(error)
            endSFTP(on: id, SSHError(.connectionLost, sftpEnded.message, causes: ["\(error)"]))
        }
    }

    private func takeRequests(of stream: SFTPStream) {
        guard let client = stream.client else { return }
        stream.add(client.takeBatch())
        watchDeadlines(of: stream, on: client.id)
    }

    private func watchDeadlines(of stream: SFTPStream, on id: ChannelID) {
        stream.watchDeadlines { deadline in
            eventLoop.scheduleTask(deadline: deadline) { [weak self] in
                self?.assumeIsolated { $0.expireSFTP(on: id) }
            }
        }
    }

    private func expireSFTP(on id: ChannelID) {
        guard isOpen, let stream = sftpStreams[id] else { return }
        var isSilent = false
        onSFTP(id, stream) { stream in
            isSilent = try stream.expire(at: .now(), orThrow: sftpTooSlow)
            watchDeadlines(of: stream, on: id)
        }
        guard isSilent else { return }
        logger.warning("SFTP does not answer; a file system of the server may hang", metadata: ["server": "\(name)"])
        guard sftpChannels.withLock({ $0.distrust(id) }) else { return }
        endSFTP(on: id, sftpHangs)
    }

    /// Closes an SFTP channel; what is still going on over it fails.
    func endSFTP(on id: ChannelID, _ error: SSHError) {
        sftpChannels.withLock { $0.ended(id) }
        sftpStreams.removeValue(forKey: id)?.fail(error)
        closeChannel(id)
    }

    /// The end of the connection: all that goes on over SFTP fails.
    func endSFTP(_ error: SSHError) {
        for id in sftpStreams.keys { endSFTP(on: id, error) }
    }

    private var sftpEnded: SSHError { SSHError(.connectionLost, "\(name) has ended SFTP.") }
    private var sftpHangs: SSHError { SSHError(.timedOut, "The SFTP of \(name) did not answer and was given up.") }
    private var sftpTooSlow: SSHError { SSHError(.timedOut, "\(name) did not answer a request for file access in time; it was given up.") }
}
