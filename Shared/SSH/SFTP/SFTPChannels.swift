/// The SFTP channels of one connection: the one that all share, and those that do not answer and are kept until their last user has gone.
struct SFTPChannels {
    enum Entrance {
        case open(SFTPClient)
        /// Wait for the channel that is being opened.
        case wait(PendingReply<SFTPClient>)
        /// Open a channel, report ``opened(_:)`` or ``openFailed(_:)``, and wait like the others.
        case openAndWait(PendingReply<SFTPClient>)
    }

    /// So many channels that do not answer are left to themselves, each with a process on the server.
    static let maximumSuspects = 3

    private var current: SFTPClient?
    private var suspects: Set<ChannelID> = []
    /// How many use each of the channels.
    private var users: [ChannelID: Int] = [:]
    private var waiting: [PendingReply<SFTPClient>] = []
    private var isOpening = false
    private var unavailable: SFTPUnavailable?

    /// How many channels nobody uses.
    var unusedCount: Int { users.values.count { $0 == 0 } }

    /// Gives somebody a channel, which they leave later on.
    ///
    /// - Throws: ``SFTPUnavailable`` if the server was found not to offer SFTP; ``SSHError``.
    mutating func enter() throws -> Entrance {
        if let current {
            users[current.id, default: 0] += 1
            return .open(current)
        }
        if let unavailable { throw unavailable }
        guard suspects.count < Self.maximumSuspects else {
            throw SSHError(.capacityExceeded, "The server's SFTP does not answer; a file system may hang. Try again later.")
        }
        let reply = PendingReply<SFTPClient>()
        waiting.append(reply)
        if isOpening { return .wait(reply) }
        isOpening = true
        return .openAndWait(reply)
    }

    /// - Returns: Whether the channel is to be closed.
    mutating func leave(_ id: ChannelID) -> Bool {
        guard let count = users[id] else { return false }
        users[id] = count - 1
        guard count == 1, suspects.contains(id) else { return false }
        ended(id)
        return true
    }

    /// - Returns: Those who wait for the channel. Each counts as one of its users, and leaves if they have stopped waiting.
    mutating func opened(_ client: SFTPClient) -> [PendingReply<SFTPClient>] {
        current = client
        isOpening = false
        users[client.id] = waiting.count
        defer { waiting = [] }
        return waiting
    }

    /// - Returns: Those who wait for the channel.
    mutating func openFailed(_ error: any Error) -> [PendingReply<SFTPClient>] {
        unavailable = error as? SFTPUnavailable
        isOpening = false
        defer { waiting = [] }
        return waiting
    }

    /// A channel does not answer: it is given to nobody any more.
    ///
    /// - Returns: Whether it is to be closed.
    mutating func distrust(_ id: ChannelID) -> Bool {
        guard let count = users[id] else { return false }
        if current?.id == id { current = nil }
        suspects.insert(id)
        guard count == 0 else { return false }
        ended(id)
        return true
    }

    /// A channel is slow to answer: if there may be another, it is given to nobody any more.
    ///
    /// - Returns: Whether there will be another.
    mutating func replace(_ id: ChannelID) -> Bool {
        if current?.id != id { return true }
        guard suspects.count + 1 < Self.maximumSuspects else { return false }
        _ = distrust(id)
        return true
    }

    mutating func ended(_ id: ChannelID) {
        if current?.id == id { current = nil }
        suspects.remove(id)
        users[id] = nil
    }
}
