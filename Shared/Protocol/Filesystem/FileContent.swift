/// The beginning or the end of a file.
public struct FileContent: Codable, Sendable, Equatable {
    /// The text; bytes that aren't UTF-8 are U+FFFD.
    public var content: String
    public var contentType: ContentUnit
    public var startPosition: Int
    /// Negative positions count from the end of the file.
    public var endPosition: Int

    public init(content: String, contentType: ContentUnit, startPosition: Int, endPosition: Int) {
        self.content = content
        self.contentType = contentType
        self.startPosition = startPosition
        self.endPosition = endPosition
    }
}
