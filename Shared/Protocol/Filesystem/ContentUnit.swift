/// What the positions of a ``FileContent`` count.
public enum ContentUnit: String, Codable, Sendable {
    case lines
    case bytes
}
