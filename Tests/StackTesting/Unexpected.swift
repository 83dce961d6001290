/// Something is not as the test needs it.
public struct Unexpected: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}
