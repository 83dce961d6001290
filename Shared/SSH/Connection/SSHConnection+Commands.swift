import GoldcrestShell
import NIOCore

/// A command whose time is bounded.
struct TimedCommand: Sendable {
    /// Shell text; the names in it may be any bytes.
    var text: [UInt8]
    /// Whether the far side ends the command by itself.
    var isLimited: Bool
    /// How long the command may take here, counted from its start.
    var timeout: TimeAmount
    /// How long a command that was told to end may take to clear up, on a login node that is as busy as it may be.
    static let grace = TimeAmount.seconds(5)
    /// How long to wait until a signal has been sent, and for the end of what was killed.
    static let moment = TimeAmount.seconds(1)
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
        let work = Work(process: process, input: input, outputLimit: outputLimit)
        do {
            return try await result(of: work, wasLimited: command.isLimited, until: deadline, orThrow: Self.tooSlow(command))
        } catch let error as SSHError where error.code == .timedOut {
            guard let group = process.group else { throw error }
            for (signal, patience) in [("TERM", TimedCommand.grace), ("KILL", TimedCommand.moment)] {
                await send(signal, to: group)
                let ended = try? await result(of: work, wasLimited: true, until: .now() + patience, orThrow: error)
                if let ended { return ended.isSuccess ? ended : ended.timedOut }
            }
            throw error
        }
    }

    /// A command under way: what is still to be written to it, what was read.
    private final class Work {
        let process: CommandChannel
        let outputLimit: Int
        var input: ByteBuffer
        var output = ByteBuffer()

        init(process: CommandChannel, input: ByteBuffer, outputLimit: Int) {
            self.process = process
            self.input = input
            self.outputLimit = outputLimit
        }
    }

    private func result(
        of work: Work, wasLimited: Bool, until deadline: NIODeadline, orThrow timeout: SSHError
    ) async throws -> RemoteResult {
        try await perform(until: deadline, orThrow: timeout) {
            let process = work.process
            try process.read(into: &work.output, upTo: work.outputLimit)
            guard work.output.readableBytes <= work.outputLimit else {
                throw SSHError(.outputTooLarge, "The output of the remote command is larger than the \(work.outputLimit) bytes allowed.")
            }
            if case .finished = try process.write(&work.input, while: { self.isWritable }) { _ = try process.endInput() }
            guard case .finished(let exit) = try process.exit() else { return .needsInput }
            return .finished(
                RemoteResult(
                    exitStatus: exit.status, exitSignal: exit.signal, standardOutput: work.output, standardError: process.error,
                    wasLimited: wasLimited))
        }
    }

    // MARK: Ending

    /// Sends the processes of a command a signal, from a channel of its own. sshd may have no place for that channel until another is free.
    private func send(_ signal: String, to group: ProcessGroup) async {
        let deadline = NIODeadline.now() + TimedCommand.moment
        guard let text = try? group.ending(by: signal).shellBytes() else { return }
        let command = TimedCommand(text: text, isLimited: false, timeout: TimedCommand.moment)
        while NIODeadline.now() < deadline {
            do {
                _ = try await run(command, input: ByteBuffer(), outputLimit: 0)
                return
            } catch let error as CommandNotStarted {
                guard error.reason == .channelRefused else { return }
            } catch {
                return
            }
        }
    }

    /// Ends the processes of a command that nobody waits for any more.
    func end(_ group: ProcessGroup) {
        Task { await send("TERM", to: group) }
    }
}

extension RemoteResult {
    /// The same, ended by us as `timeout` would have done it, whose status clients know.
    fileprivate var timedOut: RemoteResult {
        var result = self
        result.exitStatus = 124
        result.exitSignal = nil
        return result
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
