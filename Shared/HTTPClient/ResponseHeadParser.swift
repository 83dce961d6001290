import HTTPTypes

/// Makes response heads of the lines that curl hands over one by one.
struct ResponseHeadParser {
    /// Bound of all heads of one exchange together, informational ones included. curl itself bounds a line only.
    static let maximumBytes = 256 * 1024

    private var status: HTTPResponse.Status?
    private var headerFields = HTTPFields()
    private var bytes = 0

    /// Takes one line, its line break included.
    ///
    /// - Returns: The head if the line ends it.
    mutating func consume(_ line: UnsafeRawBufferPointer) throws(HTTPClientError) -> HTTPResponse? {
        bytes += line.count
        guard bytes <= Self.maximumBytes else {
            throw HTTPClientError(.protocol, "the response's head is larger than \(Self.maximumBytes) bytes")
        }
        let content = line.trimmingSuffix { $0 == 0x0A || $0 == 0x0D }
        guard let status else {
            status = try Self.status(of: content)
            return nil
        }
        guard content.isEmpty else {
            headerFields.append(try Self.field(of: content))
            return nil
        }
        let head = HTTPResponse(status: status, headerFields: headerFields)
        self.status = nil
        headerFields = [:]
        return head
    }

    /// RFC 9112, 4: `HTTP/1.1 200 OK`, where reason and the space before it may be missing.
    private static func status(of line: Slice<UnsafeRawBufferPointer>) throws(HTTPClientError) -> HTTPResponse.Status {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[1].count == 3, let code = Int(String(decoding: parts[1], as: UTF8.self)), code >= 100 else {
            throw HTTPClientError(.protocol, "the server's answer has no valid status line")
        }
        return HTTPResponse.Status(code: code, reasonPhrase: parts.count > 2 ? String(decoding: parts[2], as: UTF8.self) : "")
    }

    private static func field(of line: Slice<UnsafeRawBufferPointer>) throws(HTTPClientError) -> HTTPField {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
        else {
            // Also what RFC 9112, 5.2 lets a proxy do with a folded line.
            throw HTTPClientError(.protocol, "the response has a header line without a valid name")
        }
        let value = line[line.index(after: colon)...].trimming { $0 == 0x20 || $0 == 0x09 }
        return HTTPField(name: name, value: value)
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func trimming(_ isPadding: (UInt8) -> Bool) -> Self {
        var rest = drop(while: isPadding)
        while let last = rest.last, isPadding(last) { rest.removeLast() }
        return rest
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func trimmingSuffix(_ isPadding: (UInt8) -> Bool) -> Slice<Self> {
        var rest = self[...]
        while let last = rest.last, isPadding(last) { rest.removeLast() }
        return rest
    }
}
