import NIOCore

/// The answer to a request: draft-ietf-secsh-filexfer-02, section 7.
enum SFTPReply: Equatable {
    case success
    case failure(SFTPFailure)
    case handle([UInt8])
    case data(ByteBuffer)
    case names([SFTPEntry])
    case attributes(SFTPAttributes)

    /// - Throws: ``SFTPMalformed``.
    init(_ packet: SFTPPacket) throws {
        var payload = packet.payload
        switch packet.kind {
        case .status: self = try payload.readSFTPStatus()
        case .handle: self = .handle(try payload.readSFTPHandle())
        case .data: self = .data(try payload.readSFTPData())
        case .names: self = .names(try payload.readSFTPNames())
        case .attributes: self = .attributes(try payload.readSFTPAttributes())
        case .version, .extendedReply: throw SFTPMalformed("a reply of type \(packet.kind.rawValue)")
        }
    }
}

extension ByteBuffer {
    /// The longest handle: draft-ietf-secsh-filexfer-02, section 6.3.
    private static let maximumHandle = 256
    private static let maximumMessage = 1024

    mutating func readSFTPString() throws -> ByteBuffer {
        guard let bytes = readLengthPrefixedSlice(as: UInt32.self) else { throw SFTPMalformed("a string longer than its packet") }
        return bytes
    }

    private mutating func readField<Field: FixedWidthInteger>(_: Field.Type = Field.self) throws -> Field {
        guard let field = readInteger(as: Field.self) else { throw SFTPMalformed("a packet shorter than its fields") }
        return field
    }

    /// Some servers leave the message out.
    fileprivate mutating func readSFTPStatus() throws -> SFTPReply {
        let code = try readField(UInt32.self)
        if code == 0 { return .success }
        let message = readableBytes > 0 ? try readSFTPString() : ByteBuffer()
        let words = String(decoding: message.readableBytesView.prefix(Self.maximumMessage), as: UTF8.self)
        return .failure(SFTPFailure(SFTPFailure.Code(code), words))
    }

    fileprivate mutating func readSFTPHandle() throws -> [UInt8] {
        let handle = try readSFTPString()
        guard handle.readableBytes <= Self.maximumHandle else { throw SFTPMalformed("a handle of \(handle.readableBytes) bytes") }
        return Array(handle.readableBytesView)
    }

    /// There is no end of file without a status that says so, and no reply without a byte.
    fileprivate mutating func readSFTPData() throws -> ByteBuffer {
        let data = try readSFTPString()
        guard data.readableBytes > 0 else { throw SFTPMalformed("data without a byte") }
        return data
    }

    fileprivate mutating func readSFTPNames() throws -> [SFTPEntry] {
        let count = try readField(UInt32.self)
        // An entry has two lengths and its flags, so no more memory is taken than the packet stands for.
        guard Int(count) <= readableBytes / 12 else { throw SFTPMalformed("\(count) names in \(readableBytes) bytes") }
        var entries: [SFTPEntry] = []
        entries.reserveCapacity(Int(count))
        for _ in 0..<count {
            let name = Array(try readSFTPString().readableBytesView)
            let longName = Array(try readSFTPString().readableBytesView)
            entries.append(SFTPEntry(name: name, longName: longName, attributes: try readSFTPAttributes()))
        }
        return entries
    }

    fileprivate mutating func readSFTPAttributes() throws -> SFTPAttributes {
        let flags = SFTPAttributes.Flags(rawValue: try readField())
        var attributes = SFTPAttributes()
        if flags.contains(.size) { attributes.size = try readField() }
        if flags.contains(.owner) { attributes.owner = .init(uid: try readField(), gid: try readField()) }
        if flags.contains(.permissions) { attributes.permissions = try readField() }
        if flags.contains(.times) { attributes.times = .init(accessed: try readField(), modified: try readField()) }
        if flags.contains(.extended) {
            for _ in 0..<(try readField(UInt32.self)) {
                _ = try readSFTPString()
                _ = try readSFTPString()
            }
        }
        return attributes
    }
}
