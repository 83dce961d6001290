import Glibc
import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// Takes a `multipart/form-data` body apart while it arrives (RFC 7578, RFC 2046 section 5.1).
///
/// Holds at most the bytes last received, a delimiter and a part's header. Give it bytes with ``receive(_:)``, ask for events with ``next()``
/// until there is none, and call ``finish()`` at the end of the body.
struct MultipartParser {
    enum Event: Equatable {
        /// A part begins.
        case part(MultipartPart)
        /// A piece of the part's content, never empty.
        case content(ByteBuffer)
        case endOfPart
        /// The closing delimiter. What follows it is ignored.
        case end
    }

    /// What a part's header, or the text before the first part, may take up, in bytes.
    static let maximumHeaderLength = 8 * 1024

    /// preamble → delimiter → header → content → delimiter …; delimiter → end.
    private enum State {
        case preamble
        /// Directly behind `CRLF--boundary`.
        case delimiter
        case header
        case content
        case end
    }

    private var state = State.preamble
    private var preambleLength = 0
    private let delimiter: [UInt8]
    /// Begins with a line end, as the first delimiter may stand at the very beginning.
    private var buffer = ByteBuffer(string: "\r\n")

    /// - Parameter boundary: As the `Content-Type` names it.
    init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    mutating func receive(_ bytes: ByteBuffer) {
        if state == .end { return }
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next event, or nil when more bytes are needed for it.
    ///
    /// - Throws: ``APIError`` 400 when the body isn't well formed or exceeds a bound.
    mutating func next() throws(APIError) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard try skipPreamble() else { return nil }
            case .delimiter:
                switch try readEndOfDelimiter() {
                case nil: return nil
                case .closing?:
                    buffer.clear()
                    state = .end
                    return .end
                case .opening?: state = .header
                }
            case .header:
                guard let part = try readHeader() else { return nil }
                state = .content
                return .part(part)
            case .content:
                return readContent()
            case .end:
                return nil
            }
        }
    }

    /// Says that the body has ended.
    ///
    /// - Throws: ``APIError`` 400 when the closing delimiter has not been there.
    func finish() throws(APIError) {
        guard state == .end else { throw APIError(.badRequest, "The multipart body ends before its closing delimiter") }
    }

    // MARK: - States

    /// Drops everything before the first delimiter. False when that isn't there yet.
    private mutating func skipPreamble() throws(APIError) -> Bool {
        let (length, isFound) = locateDelimiter()
        preambleLength += length
        guard preambleLength <= Self.maximumHeaderLength else {
            throw APIError(.badRequest, "The multipart body does not begin with the boundary that its Content-Type names")
        }
        buffer.moveReaderIndex(forwardBy: length)
        guard isFound else { return false }
        buffer.moveReaderIndex(forwardBy: delimiter.count)
        state = .delimiter
        return true
    }

    private enum DelimiterEnd {
        case opening
        case closing
    }

    /// Reads what tells whether another part follows: two dashes, or blanks and a line end. Nil when more bytes are needed.
    private mutating func readEndOfDelimiter() throws(APIError) -> DelimiterEnd? {
        let view = buffer.readableBytesView
        if view.starts(with: "--".utf8) { return .closing }
        if view.elementsEqual("-".utf8) { return nil }
        let padding = view.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
        let rest = view.dropFirst(padding)
        guard padding <= Self.maximumHeaderLength, "\r\n".utf8.starts(with: rest.prefix(2)) else {
            throw APIError(.badRequest, "A delimiter of the multipart body is followed by other text")
        }
        guard rest.count >= 2 else { return nil }
        // The line end stays: with it, a part without any header field ends in two line ends like every header.
        buffer.moveReaderIndex(forwardBy: padding)
        return .opening
    }

    /// Reads the line end of the delimiter and the fields up to the empty line. Nil when that isn't there yet.
    private mutating func readHeader() throws(APIError) -> MultipartPart? {
        let view = buffer.readableBytesView
        let bounded = view.prefix(Self.maximumHeaderLength)
        var index = bounded.startIndex
        while let end = bounded[index...].firstIndex(of: UInt8(ascii: "\r")) {
            if bounded[end...].starts(with: "\r\n\r\n".utf8) {
                let fields = Array(bounded[bounded.startIndex..<end])
                buffer.moveReaderIndex(forwardBy: fields.count + 4)
                return try MultipartPart(header: fields)
            }
            index = bounded.index(after: end)
        }
        guard view.count < Self.maximumHeaderLength else {
            throw APIError(.badRequest, "The header of a part of the multipart body is longer than \(Self.maximumHeaderLength) bytes")
        }
        return nil
    }

    private mutating func readContent() -> Event? {
        let (length, isFound) = locateDelimiter()
        if length > 0, let content = buffer.readSlice(length: length) { return .content(content) }
        guard isFound else { return nil }
        buffer.moveReaderIndex(forwardBy: delimiter.count)
        state = .delimiter
        return .endOfPart
    }

    /// How many bytes surely precede the next delimiter, and whether the delimiter is there completely.
    ///
    /// A boundary holds no carriage return, so every candidate is looked at once.
    private func locateDelimiter() -> (length: Int, isFound: Bool) {
        buffer.withUnsafeReadableBytes { bytes in
            delimiter.withUnsafeBytes { delimiter in
                var start = 0
                while let candidate = bytes.firstIndex(of: UInt8(ascii: "\r"), from: start) {
                    let tail = bytes[candidate...].prefix(delimiter.count)
                    if tail.isPrefix(of: delimiter) { return (candidate, tail.count == delimiter.count) }
                    start = candidate + 1
                }
                return (bytes.count, false)
            }
        }
    }
}

/// Every byte of every upload is looked at, which the C library does by vectors.
extension UnsafeRawBufferPointer {
    fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard let baseAddress, start < count, let found = memchr(baseAddress + start, Int32(byte), count - start) else { return nil }
        return UnsafeRawPointer(found) - baseAddress
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func isPrefix(of other: UnsafeRawBufferPointer) -> Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: self)
        guard let start = bytes.baseAddress, let other = other.baseAddress else { return bytes.isEmpty }
        return memcmp(start, other, bytes.count) == 0
    }
}
