import NIOCore

/// The requests of all tasks on their way to the event loop, which takes all that have gathered at once.
struct SFTPRequestQueue {
    /// When a request goes out.
    enum Departure {
        case now
        /// With the next that goes now, for which the caller sees to it that there is one.
        case withNext
        /// Behind the next that goes now, or a moment later by itself: for what nobody waits for, so that nobody waits behind it.
        case atLeisure
    }

    /// How the event loop comes to take what has gathered.
    enum Wakeup {
        case now
        /// After ``leisure``.
        case later
    }

    static let leisure = TimeAmount.milliseconds(5)

    /// What has gathered.
    struct Batch {
        private(set) var packets = ByteBuffer()
        private(set) var calls: [SFTPStream.Call] = []

        fileprivate mutating func add(_ request: SFTPRequest, _ call: SFTPStream.Call) {
            packets.writeSFTPRequest(request, id: call.id)
            calls.append(call)
        }

        fileprivate consuming func followed(by other: Batch) -> Batch {
            if other.calls.isEmpty { return self }
            if calls.isEmpty { return other }
            packets.writeImmutableBuffer(other.packets)
            calls += other.calls
            return self
        }
    }

    private var batch = Batch()
    /// What goes out behind the batch.
    private var leisurely = Batch()
    private var lastID: UInt32 = 0
    /// Whether the event loop has been woken for the batch.
    private var isWoken = false
    private var isTimed = false

    /// - Parameter call: Who waits for the reply to the request with this number.
    /// - Returns: What the caller has to see to; nil if that is done for an earlier request already, or left to the next.
    mutating func add(_ request: SFTPRequest, _ departure: Departure, _ call: (_ id: UInt32) -> SFTPStream.Call) -> Wakeup? {
        lastID &+= 1
        guard departure != .atLeisure else {
            leisurely.add(request, call(lastID))
            defer { isTimed = true }
            return isTimed ? nil : .later
        }
        batch.add(request, call(lastID))
        guard departure == .now else { return nil }
        defer { isWoken = true }
        return isWoken ? nil : .now
    }

    mutating func take() -> Batch {
        defer {
            batch = Batch()
            leisurely = Batch()
            isWoken = false
        }
        return batch.followed(by: leisurely)
    }

    /// The wakeup for what is sent at leisure has come.
    mutating func timerFired() {
        isTimed = false
    }
}
