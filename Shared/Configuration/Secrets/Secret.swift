/// A text that nobody may see: it prints, encodes and mirrors as `**********`.
///
/// The only way to the text is ``revealed``, so every use of a secret can be found by searching for that word.
public struct Secret: Sendable, Hashable {
    /// What stands in a secret's place wherever it would show.
    public static let redacted = "**********"

    /// The secret in clear. Never log it, never put it into an error.
    public let revealed: String

    public init(_ text: String) {
        revealed = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { Self.redacted }
    public var debugDescription: String { Self.redacted }
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

extension Secret: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Self.redacted)
    }
}
