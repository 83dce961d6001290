import GoldcrestProtocol
import HTTPTypes

/// Which end of a file to show, and how much of it.
struct Excerpt: Sendable, Equatable {
    enum Edge: Sendable {
        case head
        case tail
    }

    enum Extent: Sendable {
        /// `count` units at this edge.
        case first
        /// Everything from this edge on, but for the `count` units at the other one (`head`) or at this one (`tail`).
        case allBut
    }

    /// How many lines both commands show when nobody says.
    static let defaultCount = 10

    var edge: Edge
    var unit: ContentUnit
    /// Never negative.
    var count: Int
    var extent: Extent
    /// Whether the request left the count open.
    var isDefault = false

    /// Reads the parameters of a request.
    ///
    /// A negative count means what it means to `head` and `tail`: all but the last so many, and the last so many.
    ///
    /// - Throws: ``APIError`` 400 for both units at once, or a negative count together with the flag that already turns the count around.
    init(_ edge: Edge, lines: Int?, bytes: Int?, skipping: Bool) throws(APIError) {
        guard lines == nil || bytes == nil else {
            throw APIError(.badRequest, "Only one of lines and bytes may be given")
        }
        self.edge = edge
        unit = bytes == nil ? .lines : .bytes
        isDefault = lines == nil && bytes == nil
        let count = bytes ?? lines ?? Self.defaultCount
        guard count >= 0 || !skipping else {
            let flag = edge == .head ? "skipTrailing" : "skipHeading"
            throw APIError(.badRequest, "The number of \(unit.rawValue) must not be negative with \(flag)")
        }
        guard count > Int.min, count < Int.max else {
            throw APIError(.badRequest, "The number of \(unit.rawValue) is out of range")
        }
        self.count = abs(count)
        extent = skipping || (edge == .head && count < 0) ? .allBut : .first
    }

    /// Whether nothing is to be shown, whatever the file holds.
    var isEmpty: Bool { count == 0 && extent == .first }

    /// Where the excerpt begins, as clients of the API read it: the tail's default is 10 without a sign, for historical reasons.
    var startPosition: Int {
        switch (edge, extent) {
        case (.head, _): 0
        case (.tail, .allBut): count
        case (.tail, .first): isDefault ? count : -count
        }
    }

    var endPosition: Int {
        switch (edge, extent) {
        case (.head, .first): count
        case (.head, .allBut): -count
        case (.tail, _): -1
        }
    }

    func content(_ text: String) -> FileContent {
        FileContent(content: text, contentType: unit, startPosition: startPosition, endPosition: endPosition)
    }
}

extension APIError {
    static func excerptTooLarge(limit: Int) -> APIError {
        APIError(.contentTooLarge, "That part of the file is larger than \(limit) bytes, the system's limit for file operations; use a transfer instead")
    }
}
