import GoldcrestProtocol
import HTTPTypes
import Synchronization

/// How much one listing may still take of the memory.
final class ListingBudget: Sendable {
    static let maximumCount = 1_000_000
    /// Of names and link targets together, in bytes. Below many directories even a few names are long.
    static let maximumText = 128 * 1024 * 1024

    private let files = Atomic(0)
    private let text = Atomic(0)

    /// - Throws: ``APIError`` 413 when that is too much.
    func take(files count: Int = 0, text length: Int = 0) throws {
        guard files.add(count, ordering: .relaxed).newValue <= Self.maximumCount, text.add(length, ordering: .relaxed).newValue <= Self.maximumText else {
            throw APIError(
                .contentTooLarge, "There are more than \(Self.maximumCount) files to list, or their names are too long; list a directory below, or without recursive")
        }
    }
}
