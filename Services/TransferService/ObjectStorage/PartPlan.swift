import GoldcrestProtocol
import HTTPTypes

/// How a file is cut into the parts of a multipart upload: all are of one size but the last, which is what remains.
struct PartPlan: Sendable, Equatable {
    /// Amazon S3 User Guide, “Amazon S3 multipart upload limits”.
    private static let partLimit = 10_000
    private static let partSizes = 5 << 20...5 << 30
    static let sizeLimit = 5 << 40
    private static let unit = 1 << 20

    /// Of the file, in bytes.
    let size: Int
    /// Bytes of each part but the last.
    let partSize: Int

    /// - Parameters:
    ///   - size: Of the file, in bytes.
    ///   - maxPartSize: The part size that is wished for, in bytes. Parts are larger only where there would be too many of them.
    /// - Throws: ``APIError`` 400 for a size that is negative or larger than an object may be.
    init(size: Int, maxPartSize: Int) throws {
        guard size >= 0 else { throw APIError(.badRequest, "fileSize is \(size), but a file has 0 bytes or more") }
        guard size <= Self.sizeLimit else {
            throw APIError(
                .badRequest,
                "fileSize is \(size), but an object in the storage has at most \(Self.sizeLimit) bytes (5 TiB); send the file in several pieces")
        }
        self.size = size
        // In whole MiB, which file systems and storages like better than any odd number.
        let least = (size + Self.partLimit * Self.unit - 1) / (Self.partLimit * Self.unit) * Self.unit
        partSize = max(min(maxPartSize, Self.partSizes.upperBound), least, Self.partSizes.lowerBound)
    }

    /// How many parts there are. An empty file has one, empty too.
    var count: Int { max(1, (size + partSize - 1) / partSize) }

    /// The bytes of a part.
    ///
    /// - Parameter number: From 1 to ``count``, as S3 counts them.
    func range(ofPart number: Int) -> Range<Int> {
        let start = (min(max(1, number), count) - 1) * partSize
        return start..<min(start + partSize, size)
    }
}
