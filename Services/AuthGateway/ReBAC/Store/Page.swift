/// A part of a long list.
struct Page<Element: Sendable>: Sendable {
    let elements: [Element]
    /// Where the next page begins; absent at the end.
    let next: String?
}

/// Which part of a long list is wanted.
struct PageRequest: Sendable {
    /// The most that a page can have, whatever is asked for.
    static let maximumSize = 10_000

    /// How many at most.
    var size: Int
    /// ``Page/next`` of the page before, as the store gave it; absent for the first page. It comes from outside, so it may be anything.
    var from: String?
}

extension PageRequest {
    /// ``size``, within bounds.
    var rows: Int { min(max(size, 1), Self.maximumSize) }

    /// - Throws: ``RelationshipStoreError/invalidContinuationToken``.
    var token: ContinuationToken? {
        get throws(RelationshipStoreError) {
            // OpenFGA's clients send an empty one for the first page.
            guard let from, !from.isEmpty else { return nil }
            return try ContinuationToken(from)
        }
    }
}

extension Page {
    /// - Parameters:
    ///   - elements: One more than `size` where there are more.
    ///   - token: Where the page behind an element begins.
    init(of elements: [Element], size: Int, token: (Element) throws -> ContinuationToken?) rethrows {
        guard elements.count > size, size > 0 else {
            self.init(elements: elements, next: nil)
            return
        }
        let page = Array(elements[..<size])
        self.init(elements: page, next: try page.last.flatMap { try token($0)?.text })
    }
}
