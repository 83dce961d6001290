import GoldcrestProtocol
import HTTPTypes

/// What a client wants of a file: whether at all, and which bytes.
struct DownloadRequest: Sendable {
    enum Choice: Sendable, Equatable {
        case notModified
        case whole
        case part(Range<Int>)
    }

    private let preconditions: Preconditions
    private let range: ByteRangeRequest?
    private let ifRange: String?
    /// Whether only the head of the answer is wanted.
    private let isHead: Bool
    /// The most bytes that are sent.
    private let limit: Int
    /// When it was asked, by this service's clock.
    private let now: HTTPDate

    init(_ headerFields: HTTPFields, isHead: Bool, limit: Int, now: HTTPDate = .now) {
        preconditions = Preconditions(headerFields, now: now)
        // Ranges are defined for GET only (RFC 9110 section 14.2).
        range = isHead ? nil : headerFields[.range].flatMap { ByteRangeRequest($0) }
        ifRange = headerFields[.ifRange]
        self.isHead = isHead
        self.limit = limit
        self.now = now
    }

    /// - Throws: ``APIError`` 412 when a precondition fails, 416 when the file has none of the bytes, 413 when they are too many.
    func choice(of version: FileVersion) throws(APIError) -> Choice {
        switch preconditions.outcome(tag: tag(of: version), modified: HTTPDate(seconds: version.modified)) {
        case .met: break
        case .notModified: return .notModified
        case .failed: throw APIError(.preconditionFailed, "The file is another one than the request's preconditions name")
        }
        guard let range, appliesRange(to: version) else {
            guard version.size <= limit else { throw .fileTooLarge(limit: limit) }
            return .whole
        }
        guard let part = range.range(ofSize: version.size) else {
            throw APIError(
                .rangeNotSatisfiable, "The file has \(version.size) bytes and none in the range that was asked for",
                headerFields: [.contentRange: "bytes */\(version.size)"])
        }
        guard part.count <= limit else { throw .fileTooLarge(limit: limit) }
        return .part(part)
    }

    /// The bytes to read.
    func range(of version: FileVersion) throws(APIError) -> Range<Int>? {
        let choice = try choice(of: version)
        if isHead { return nil }
        return switch choice {
        case .notModified: nil
        case .whole: 0..<version.size
        case .part(let part): part
        }
    }

    /// Status and header of the answer.
    func head(for version: FileVersion) throws(APIError) -> HTTPResponse {
        var head = HTTPResponse(status: .ok, headerFields: [.acceptRanges: "bytes"])
        head.headerFields[.eTag] = tag(of: version)?.text
        // A time in the future would be a mistake of a clock (section 8.8.2.1).
        head.headerFields[.lastModified] = HTTPDate(seconds: min(version.modified, now.seconds)).text
        switch try choice(of: version) {
        case .notModified:
            head.status = .notModified
            return head
        case .whole:
            head.headerFields[.contentLength] = String(version.size)
        case .part(let part):
            head.status = .partialContent
            head.headerFields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(version.size)"
            head.headerFields[.contentLength] = String(part.count)
        }
        head.headerFields[.contentType] = "application/octet-stream"
        return head
    }

    private func tag(of version: FileVersion) -> EntityTag? { EntityTag(of: version, now: now) }

    /// Whether the file is still the one that `If-Range` names (section 13.1.5). Without a tag it may be changing just now, and no date tells.
    private func appliesRange(to version: FileVersion) -> Bool {
        guard let ifRange else { return true }
        guard let current = tag(of: version) else { return false }
        var text = ifRange[...]
        if let tag = EntityTag.read(&text) { return text.isEmpty && tag.matchesStrongly(current) }
        return HTTPDate(ifRange, now: now) == HTTPDate(seconds: version.modified)
    }
}
