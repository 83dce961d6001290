import FoundationEssentials
public import NIOCore
import NIOFoundationEssentialsCompat

/// A value in JSON, encoded once to be sent as often as it is wanted.
public struct JSONDocument: Sendable {
    public let bytes: ByteBuffer

    init(bytes: ByteBuffer) {
        self.bytes = bytes
    }

    /// - Throws: An `EncodingError`, which only a bug can cause.
    public init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        bytes = ByteBuffer(data: try encoder.encode(value))
    }
}
