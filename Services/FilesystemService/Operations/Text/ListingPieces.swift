import GoldcrestProtocol
import GoldcrestServiceKit
import NIOCore

/// The answer with a listing, written as it is taken: of a big one there is never more than a small part in JSON.
struct ListingPieces: AsyncIteratorProtocol, Sendable {
    private static let pieceLength = 32 * 1024

    private var rest: Slice<FileEntries>
    private let total: Int?
    private var json = JSONWriter()
    private var isAtEnd = false

    /// - Parameter page: Which part of the entries is wanted; nil for all of them, and no count.
    init(_ entries: FileEntries, page: ListingPage?) {
        rest = page.map { entries[$0.range(ofCount: entries.count)] } ?? entries[...]
        total = page == nil ? nil : entries.count
        json.beginObject()
        json.key("output")
        json.beginArray()
    }

    mutating func next() -> ByteBuffer? {
        if isAtEnd { return nil }
        while json.count < Self.pieceLength, let entry = rest.popFirst() { entry.write(to: &json) }
        if rest.isEmpty { finish() }
        return json.take()
    }

    private mutating func finish() {
        json.endArray()
        if let total {
            json.key("total")
            json.integer(total)
        }
        json.endObject()
        isAtEnd = true
    }
}
