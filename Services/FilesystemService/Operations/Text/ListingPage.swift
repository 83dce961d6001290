/// A part of a listing.
struct ListingPage: Sendable, Equatable {
    /// How many entries are left out before it.
    var offset = 0
    /// The most entries; nil for all that follow.
    var limit: Int?

    /// - Returns: Nil when a request asks for no part.
    init?(offset: Int?, limit: Int?) {
        guard offset != nil || limit != nil else { return nil }
        self.offset = offset ?? 0
        self.limit = limit
    }

    func range(ofCount count: Int) -> Range<Int> {
        let start = min(offset, count)
        return start..<start + min(limit ?? count, count - start)
    }
}
