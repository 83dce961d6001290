import NIOCore

/// One packet of the server's.
struct SFTPPacket: Sendable, Equatable {
    /// What kinds of packets a server sends.
    enum Kind: UInt8, Sendable {
        case version = 2
        case status = 101
        case handle = 102
        case data = 103
        case names = 104
        case attributes = 105
        case extendedReply = 201
    }

    var kind: Kind
    /// The number of the request that it answers; the version's number in a `version`, which answers none.
    var id: UInt32
    /// What follows.
    var payload: ByteBuffer
}
