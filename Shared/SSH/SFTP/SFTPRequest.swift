import NIOCore

/// What is asked of the server: draft-ietf-secsh-filexfer-02, section 6; the extensions: OpenSSH's PROTOCOL, sections 4.3 and 4.8.
enum SFTPRequest {
    case open([UInt8], OpenFlags, SFTPAttributes)
    case close(handle: [UInt8])
    case read(handle: [UInt8], offset: UInt64, length: UInt32)
    case write(handle: [UInt8], offset: UInt64, ByteBuffer)
    case linkAttributes([UInt8])
    case attributes([UInt8])
    case fileAttributes(handle: [UInt8])
    case setAttributes([UInt8], SFTPAttributes)
    case setFileAttributes(handle: [UInt8], SFTPAttributes)
    case openDirectory([UInt8])
    case readDirectory(handle: [UInt8])
    case remove([UInt8])
    case makeDirectory([UInt8], SFTPAttributes)
    case removeDirectory([UInt8])
    case rename([UInt8], to: [UInt8])
    case renameReplacing([UInt8], to: [UInt8])
    case readLink([UInt8])
    case makeSymbolicLink([UInt8], to: [UInt8])
    case limits

    struct OpenFlags: OptionSet {
        let rawValue: UInt32

        static let read = Self(rawValue: 0x01)
        static let write = Self(rawValue: 0x02)
        static let create = Self(rawValue: 0x08)
        static let truncate = Self(rawValue: 0x10)
        static let exclusive = Self(rawValue: 0x20)
    }

    /// The version of the protocol that is spoken.
    static let version: UInt32 = 3

    fileprivate var type: UInt8 {
        switch self {
        case .open: 3
        case .close: 4
        case .read: 5
        case .write: 6
        case .linkAttributes: 7
        case .fileAttributes: 8
        case .setAttributes: 9
        case .setFileAttributes: 10
        case .openDirectory: 11
        case .readDirectory: 12
        case .remove: 13
        case .makeDirectory: 14
        case .removeDirectory: 15
        case .attributes: 17
        case .rename: 18
        case .readLink: 19
        case .makeSymbolicLink: 20
        case .renameReplacing, .limits: 200
        }
    }
}

extension ByteBuffer {
    mutating func writeSFTPInitialization() {
        writeInteger(UInt32(5))
        writeInteger(UInt8(1))
        writeInteger(SFTPRequest.version)
    }

    /// Appends a whole packet.
    mutating func writeSFTPRequest(_ request: SFTPRequest, id: UInt32) {
        let start = writerIndex
        writeInteger(UInt32(0))
        writeInteger(request.type)
        writeInteger(id)
        writeFields(of: request)
        setInteger(UInt32(writerIndex - start - 4), at: start)
    }

    private mutating func writeFields(of request: SFTPRequest) {
        switch request {
        case .open(let path, let flags, let attributes):
            writeSFTPString(path)
            writeInteger(flags.rawValue)
            writeSFTPAttributes(attributes)
        case .read(let handle, let offset, let length):
            writeSFTPString(handle)
            writeInteger(offset)
            writeInteger(length)
        case .write(let handle, let offset, let bytes):
            writeSFTPString(handle)
            writeInteger(offset)
            writeInteger(UInt32(bytes.readableBytes))
            writeImmutableBuffer(bytes)
        case .setAttributes(let name, let attributes), .setFileAttributes(let name, let attributes), .makeDirectory(let name, let attributes):
            writeSFTPString(name)
            writeSFTPAttributes(attributes)
        case .rename(let path, let target):
            writeSFTPString(path)
            writeSFTPString(target)
        case .renameReplacing(let path, let target):
            writeSFTPString(SFTPVersion.renamesReplacing.utf8)
            writeSFTPString(path)
            writeSFTPString(target)
        case .makeSymbolicLink(let link, let target):
            // The target first, other than the draft says: OpenSSH's PROTOCOL, section 4.1.
            writeSFTPString(target)
            writeSFTPString(link)
        case .limits:
            writeSFTPString(SFTPLimits.extensionName.utf8)
        case .close(let name), .linkAttributes(let name), .attributes(let name), .fileAttributes(let name), .openDirectory(let name),
            .readDirectory(let name), .remove(let name), .removeDirectory(let name), .readLink(let name):
            writeSFTPString(name)
        }
    }

    private mutating func writeSFTPString(_ bytes: some Collection<UInt8>) {
        writeInteger(UInt32(bytes.count))
        writeBytes(bytes)
    }

    private mutating func writeSFTPAttributes(_ attributes: SFTPAttributes) {
        var flags: SFTPAttributes.Flags = []
        if attributes.size != nil { flags.insert(.size) }
        if attributes.owner != nil { flags.insert(.owner) }
        if attributes.permissions != nil { flags.insert(.permissions) }
        if attributes.times != nil { flags.insert(.times) }
        writeInteger(flags.rawValue)
        if let size = attributes.size { writeInteger(size) }
        if let owner = attributes.owner {
            writeInteger(owner.uid)
            writeInteger(owner.gid)
        }
        if let permissions = attributes.permissions { writeInteger(permissions) }
        if let times = attributes.times {
            writeInteger(times.accessed)
            writeInteger(times.modified)
        }
    }
}

extension SFTPAttributes {
    /// Which fields follow on the wire.
    struct Flags: OptionSet {
        let rawValue: UInt32

        static let size = Self(rawValue: 0x01)
        static let owner = Self(rawValue: 0x02)
        static let permissions = Self(rawValue: 0x04)
        static let times = Self(rawValue: 0x08)
        static let extended = Self(rawValue: 0x8000_0000)
    }
}
