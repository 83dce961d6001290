import NIOCore

/// A command whose time is bounded on both sides.
struct TimedCommand: Sendable {
    /// Shell text; the names in it may be any bytes.
    var text: [UInt8]
    /// Whether the far side ends the command by itself.
    var isLimited: Bool
    /// How long the command may take here, counted from its start.
    var timeout: TimeAmount
}

/// The command was not run: the connection turned out to be dead, or to have no room for one more channel, before it began.
struct CommandNotStarted: Error {
    enum Reason {
        case connectionDead
        case channelRefused
    }

    var reason: Reason
    var cause: SSHError
}

extension SSHConnection {
    /// Runs a command to its end.
    ///
    /// - Throws: ``CommandNotStarted`` if it may be run on another connection; otherwise ``SSHError`` or `CancellationError`.
    func run(_ command: TimedCommand, input: ByteBuffer, outputLimit: Int) async throws -> RemoteResult {
        let deadline = NIODeadline.now() + command.timeout
        let (id, process) = try await begin(command, until: deadline)
        defer { closeChannel(id) }
        var input = input
        var output = ByteBuffer()
        return try await perform(until: deadline, orThrow: Self.tooSlow(command)) {
            try process.read(into: &output, upTo: outputLimit)
            guard output.readableBytes <= outputLimit else {
                throw SSHError(.outputTooLarge, "The output of the remote command is larger than the \(outputLimit) bytes allowed.")
            }
            if case .finished = try process.write(&input, while: { self.isWritable }) { _ = try process.endInput() }
            guard case .finished(let exit) = try process.exit() else { return .needsInput }
            return .finished(
                RemoteResult(
                    exitStatus: exit.status, exitSignal: exit.signal, standardOutput: output, standardError: process.error,
                    wasLimited: command.isLimited))
        }
    }
}

extension SSHConnection {
    /// Opens a channel and starts a command on it. The caller closes the channel.
    private func begin(_ command: TimedCommand, until deadline: NIODeadline) async throws -> (ChannelID, CommandChannel) {
        let id = try await openCommandChannel(until: deadline)
        do {
            let process = CommandChannel(try channel(id), scratch: session.scratch)
            commands[id] = process
            try await perform(until: deadline, orThrow: Self.tooSlow(command)) { try process.start(command.text) }
            return (id, process)
        } catch {
            closeChannel(id)
            throw error
        }
    }

    /// Opens a channel. sshd frees the place of a command a moment after its channel is closed, so a refusal is not taken at its first word
    /// while others are or were just open.
    func openCommandChannel(until deadline: NIODeadline) async throws -> ChannelID {
        var pause = Duration.milliseconds(5)
        while true {
            do {
                return try await openSessionChannel(until: deadline)
            } catch let error as SSHError where error.code == .connectionLost {
                throw CommandNotStarted(reason: .connectionDead, cause: error)
            } catch let error as SSHError where error.code == .channelRefused {
                guard pause <= .milliseconds(40) else { throw CommandNotStarted(reason: .channelRefused, cause: error) }
                try await Task.sleep(for: pause)
                pause *= 2
            }
        }
    }

    private static func tooSlow(_ command: TimedCommand) -> SSHError {
        let seconds = Double(command.timeout.nanoseconds / 1_000_000) / 1000
        return SSHError(.timedOut, "The remote command did not end within \(seconds) seconds and was given up.")
    }
}

// MARK: - Commands whose input and output are streamed

extension SSHConnection {
    /// Starts a command whose input and output are moved by the functions below. The caller closes the channel.
    func start(_ command: TimedCommand, until deadline: NIODeadline) async throws -> ChannelID {
        try await begin(command, until: deadline).0
    }

    func write(_ bytes: ByteBuffer, to id: ChannelID, until deadline: NIODeadline) async throws {
        let process = try command(id)
        var bytes = bytes
        do {
            try await perform(until: deadline, orThrow: Self.tooSlow) { try process.write(&bytes, while: { self.isWritable }) }
        } catch {
            process.breakInput()
            throw error
        }
    }

    func endInput(of id: ChannelID, until deadline: NIODeadline) async throws {
        let process = try command(id)
        try await perform(until: deadline, orThrow: Self.tooSlow) { try process.endInput() }
    }

    /// The next bytes of standard output, nil at its end.
    func readOutput(of id: ChannelID, until deadline: NIODeadline) async throws -> ByteBuffer? {
        let process = try command(id)
        return try await perform(until: deadline, orThrow: Self.tooSlow) {
            var output = ByteBuffer()
            try process.read(into: &output, upTo: 128 * 1024)
            if output.readableBytes > 0 { return .finished(output) }
            return process.channel.isAtEnd ? .finished(nil) : .needsInput
        }
    }

    /// Waits for the end of a command; what it still says on standard output is dropped.
    func waitForExit(of id: ChannelID, wasLimited: Bool, until deadline: NIODeadline) async throws -> RemoteExit {
        let process = try command(id)
        return try await perform(until: deadline, orThrow: Self.tooSlow) {
            try process.discardOutput()
            guard case .finished(let exit) = try process.exit() else { return .needsInput }
            return .finished(RemoteExit(status: exit.status, signal: exit.signal, standardError: process.error, wasLimited: wasLimited))
        }
    }

    private func command(_ id: ChannelID) throws -> CommandChannel {
        try requireOpen()
        guard let process = commands[id] else { throw SSHError(.connectionLost, "The remote command's channel is closed.") }
        return process
    }

    private static let tooSlow = SSHError(.timedOut, "The remote command did not end in its time and was given up.")
}
