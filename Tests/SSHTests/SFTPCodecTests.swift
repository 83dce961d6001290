import NIOCore
import Testing

@testable import GoldcrestSSH

@Suite("SFTP on the wire")
struct SFTPCodecTests {
    // MARK: Requests

    @Test("requests look as the draft has them", arguments: [
        (SFTPRequest.close(handle: [1, 2]), "0000000b 04 00000007 00000002 0102"),
        (.read(handle: [9], offset: 0x1_0000_0002, length: 32768), "00000016 05 00000007 00000001 09 0000000100000002 00008000"),
        (.write(handle: [9], offset: 5, ByteBuffer(bytes: [0xaa, 0xbb])), "00000018 06 00000007 00000001 09 0000000000000005 00000002 aabb"),
        (.linkAttributes([0x2f]), "0000000a 07 00000007 00000001 2f"),
        (.fileAttributes(handle: [9]), "0000000a 08 00000007 00000001 09"),
        (.openDirectory([0x2f]), "0000000a 0b 00000007 00000001 2f"),
        (.readDirectory(handle: [9]), "0000000a 0c 00000007 00000001 09"),
        (.remove([0x2f]), "0000000a 0d 00000007 00000001 2f"),
        (.makeDirectory([0x2f], SFTPAttributes()), "0000000e 0e 00000007 00000001 2f 00000000"),
        (.makeDirectory([0x2f], SFTPAttributes(permissions: 0o750)), "00000012 0e 00000007 00000001 2f 00000004 000001e8"),
        (.removeDirectory([0x2f]), "0000000a 0f 00000007 00000001 2f"),
        (.attributes([0x2f]), "0000000a 11 00000007 00000001 2f"),
        (.rename([0x61], to: [0x62]), "0000000f 12 00000007 00000001 61 00000001 62"),
        (.readLink([0x2f]), "0000000a 13 00000007 00000001 2f"),
        // The target first, as OpenSSH has it.
        (.makeSymbolicLink([0x6c], to: [0x74]), "0000000f 14 00000007 00000001 74 00000001 6c"),
        (
            .renameReplacing([0x61], to: [0x62]),
            "0000002b c8 00000007 00000018 706f7369782d72656e616d65406f70656e7373682e636f6d 00000001 61 00000001 62"
        ),
        (.open([0x61], [.write, .create, .exclusive], SFTPAttributes(permissions: 0o600)), "00000016 03 00000007 00000001 61 0000002a 00000004 00000180"),
        (
            .setAttributes(
                [0x61], SFTPAttributes(size: 1, owner: .init(uid: 2, gid: 3), permissions: 4, times: .init(accessed: 5, modified: 6))),
            "0000002a 09 00000007 00000001 61 0000000f 0000000000000001 00000002 00000003 00000004 00000005 00000006"
        ),
        (.setFileAttributes(handle: [9], SFTPAttributes(size: 1)), "00000016 0a 00000007 00000001 09 00000001 0000000000000001"),
        (.limits, "0000001b c8 00000007 00000012 6c696d697473406f70656e7373682e636f6d"),
    ])
    func requests(request: SFTPRequest, expected: String) {
        var buffer = ByteBuffer()
        buffer.writeSFTPRequest(request, id: 7)
        #expect(Array(buffer.readableBytesView) == bytes(expected))
    }

    @Test("the first word asks for version 3")
    func initialization() {
        var buffer = ByteBuffer()
        buffer.writeSFTPInitialization()
        #expect(Array(buffer.readableBytesView) == bytes("00000005 01 00000003"))
    }

    // MARK: Replies

    @Test("a version has its extensions")
    func version() throws {
        let packet = try packet("00000013 02 00000003 00000003 612062 00000003 312e32")
        let version = try SFTPVersion(packet)
        #expect(version.number == 3)
        #expect(version.extensions == ["a b": "1.2"])
    }

    @Test("limits are kept to, as far as they help")
    func limits() throws {
        func limits(_ read: String, _ write: String) throws -> [Int] {
            let limits = try SFTPLimits(try packet("00000025 c9 00000000 0000000000040000 \(read) \(write) 0000000000000100"))
            return [limits.read, limits.write]
        }
        #expect(try limits("000000000003fc00", "000000000003fc00") == [SFTPLimits.enough, SFTPLimits.enough])
        #expect(try limits("000000000000c000", "ffffffffffffffff") == [48 * 1024, SFTPLimits.enough])
        #expect(try limits("0000000000000000", "0000000000000001") == [SFTPLimits.least, SFTPLimits.least])
        #expect(try SFTPLimits(try packet("00000009 65 00000000 00000008")) == SFTPLimits())
        #expect(throws: SFTPMalformed.self) { try SFTPLimits(try packet("0000000d c9 00000000 0000000000040000")) }
        #expect(throws: SFTPMalformed.self) { try SFTPLimits(try packet("00000009 66 00000000 00000000")) }
    }

    @Test("a status of 0 is success, any other a failure with the server's words")
    func status() throws {
        #expect(try reply("00000009 65 00000001 00000000") == .success)
        #expect(try reply("00000011 65 00000001 00000000 00000000 00000000") == .success)
        #expect(try reply("00000013 65 00000001 00000002 00000002 4e6f 00000000") == .failure(SFTPFailure(.noSuchFile, "No")))
        #expect(try reply("00000009 65 00000001 00000003") == .failure(SFTPFailure(.permissionDenied)))
        #expect(try reply("00000009 65 00000001 0000002a") == .failure(SFTPFailure(.other(42))))
        #expect(try reply("0000000f 65 00000001 00000004 00000002 ff41") == .failure(SFTPFailure(.failure, "\u{fffd}A")))
    }

    @Test("handles, data and attributes are read as they are")
    func values() throws {
        #expect(try reply("0000000b 66 00000001 00000002 00ff") == .handle([0, 255]))
        #expect(try reply("0000000c 67 00000001 00000003 010203") == .data(ByteBuffer(bytes: [1, 2, 3])))
        #expect(try reply("00000009 69 00000001 00000000") == .attributes(SFTPAttributes()))
        let all = SFTPAttributes(size: 1 << 40, owner: .init(uid: 2, gid: 3), permissions: 0o100644, times: .init(accessed: 5, modified: 6))
        #expect(
            try reply("00000035 69 00000001 8000000f 0000010000000000 00000002 00000003 000081a4 00000005 00000006 00000001 00000001 78 00000003 797979")
                == .attributes(all))
    }

    @Test("names are bytes")
    func names() throws {
        let expected = [
            SFTPEntry(name: [0xff, 0x0a], longName: [], attributes: SFTPAttributes(permissions: 1)),
            SFTPEntry(name: [0x61], longName: [0x62], attributes: SFTPAttributes()),
        ]
        #expect(
            try reply("00000029 68 00000001 00000002 00000002 ff0a 00000000 00000004 00000001 00000001 61 00000001 62 00000000") == .names(expected))
        #expect(try reply("00000009 68 00000001 00000000") == .names([]))
    }

    @Test("what does not belong to the protocol is refused", arguments: [
        "00000004 65 000000", "00041001 65 00000001", "ffffffff 65 00000001", "00000005 01 00000001", "00000005 ff 00000001",  // no packet
        "00000005 65 00000001", "0000000c 65 00000001 00000004 000000", "0000000d 65 00000001 00000004 00000001",  // status
        "00000009 66 00000001 00000001", "00000009 67 00000001 00000000", "00000009 67 00000001 00000001",  // handle, data
        "00000009 68 00000001 00000001", "00000009 68 00000001 ffffffff", "00000015 68 00000001 00000001 ffffffff 00000000 00000000",  // names
        "0000000d 69 00000001 00000001 00000000", "0000000d 69 00000001 80000000 ffffffff",  // attributes
        "00000005 02 00000003", "00000005 c9 00000001",  // kinds that answer nothing of ours
    ])
    func malformed(text: String) {
        #expect(throws: SFTPMalformed.self) {
            var reader = SFTPPacketReader()
            give(bytes(text), to: &reader)
            guard let packet = try reader.next() else { throw SFTPMalformed("incomplete") }
            _ = try SFTPReply(packet)
        }
    }

    @Test("a handle longer than 256 bytes is refused")
    func longHandle() throws {
        func handle(_ length: UInt32) -> SFTPPacket {
            var payload = ByteBuffer(integer: length)
            payload.writeRepeatingByte(1, count: Int(length))
            return SFTPPacket(kind: .handle, id: 1, payload: payload)
        }
        #expect(try SFTPReply(handle(256)) == .handle([UInt8](repeating: 1, count: 256)))
        #expect(throws: SFTPMalformed.self) { try SFTPReply(handle(257)) }
    }

    // MARK: Streams

    @Test("packets come out however their bytes arrive", arguments: [1, 2, 3, 7, 64, 1000, 100_000])
    func pieces(length: Int) throws {
        var stream: [UInt8] = []
        var expected: [SFTPPacket] = []
        for number in 0..<40 as Range<UInt32> {
            let data = ByteBuffer(repeating: UInt8(number), count: Int(number) * 97)
            var payload = ByteBuffer(integer: UInt32(data.readableBytes))
            payload.writeImmutableBuffer(data)
            expected.append(SFTPPacket(kind: .data, id: number, payload: payload))
            var packet = ByteBuffer(integer: UInt32(payload.readableBytes + 5))
            packet.writeInteger(UInt8(103))
            packet.writeInteger(number)
            packet.writeImmutableBuffer(payload)
            stream += Array(packet.readableBytesView)
        }
        var reader = SFTPPacketReader()
        var packets: [SFTPPacket] = []
        var rest = stream[...]
        while !rest.isEmpty {
            give(Array(rest.prefix(length)), to: &reader)
            rest = rest.dropFirst(length)
            while let packet = try reader.next() { packets.append(packet) }
        }
        #expect(packets == expected)
    }

    @Test("a packet that is cut off or garbled does no harm", arguments: 0..<20)
    func garbled(seed: UInt64) throws {
        var random = SplitMix(seed)
        let models = [
            "00000029 68 00000001 00000002 00000002 ff0a 00000000 00000004 00000001 00000001 61 00000001 62 00000000",
            "00000035 69 00000001 8000000f 0000010000000000 00000002 00000003 000081a4 00000005 00000006 00000001 00000001 78 00000003 797979",
            "00000013 65 00000001 00000002 00000002 4e6f 00000000", "0000000b 66 00000001 00000002 00ff", "0000000c 67 00000001 00000003 010203",
        ].map(bytes)
        var outcomes = Set<Bool>()
        for _ in 0..<2000 {
            var payload = ByteBuffer(bytes: (models.randomElement(using: &random) ?? []).dropFirst(9))
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let index = Int.random(in: 0..<payload.readableBytes, using: &random)
                payload.setInteger(UInt8.random(in: 0...255, using: &random), at: index)
            }
            payload = payload.getSlice(at: 0, length: Int.random(in: 0...payload.readableBytes, using: &random)) ?? payload
            for kind in [SFTPPacket.Kind.status, .handle, .data, .names, .attributes] {
                do {
                    _ = try SFTPReply(SFTPPacket(kind: kind, id: 1, payload: payload))
                    outcomes.insert(true)
                } catch is SFTPMalformed {
                    outcomes.insert(false)
                }
            }
        }
        #expect(outcomes == [true, false])
    }

    // MARK: Means

    private func bytes(_ text: String) -> [UInt8] {
        let digits = text.filter { !$0.isWhitespace }
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    }

    private func give(_ bytes: [UInt8], to reader: inout SFTPPacketReader) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = reader.receive { room in
                let count = min(room.count, rest.count)
                room.copyBytes(from: rest.prefix(count))
                return count
            }
            rest = rest.dropFirst(count)
        }
    }

    private func packet(_ text: String) throws -> SFTPPacket {
        var reader = SFTPPacketReader()
        give(bytes(text), to: &reader)
        return try #require(try reader.next())
    }

    private func reply(_ text: String) throws -> SFTPReply {
        try SFTPReply(packet(text))
    }
}
