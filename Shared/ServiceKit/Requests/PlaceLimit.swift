import Synchronization

/// How much of something each holder may have at a time, such as a user of answers that do not end by themselves.
public final class PlaceLimit<Holder: Hashable & Sendable>: Sendable {
    private let counts = Mutex<[Holder: Int]>([:])

    public init() {}

    /// Takes a place for as long as the returned one lives.
    ///
    /// - Parameter limit: The places that the holder has.
    /// - Returns: `nil` when all are taken.
    public func place(for holder: Holder, limit: Int) -> Place? {
        let hasRoom = counts.withLock { counts in
            let count = counts[holder] ?? 0
            if count < limit { counts[holder] = count + 1 }
            return count < limit
        }
        return hasRoom ? Place(limit: self, holder: holder) : nil
    }

    private func free(_ holder: Holder) {
        counts.withLock { counts in
            let count = counts[holder] ?? 0
            counts[holder] = count > 1 ? count - 1 : nil
        }
    }

    public final class Place: Sendable {
        private let limit: PlaceLimit
        private let holder: Holder

        fileprivate init(limit: PlaceLimit, holder: Holder) {
            self.limit = limit
            self.holder = holder
        }

        deinit {
            limit.free(holder)
        }
    }
}
