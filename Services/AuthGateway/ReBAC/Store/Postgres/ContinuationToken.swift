import GoldcrestCryptography

/// Where the next page of a list begins, as a text that clients keep and send back.
///
/// It says nothing that its holder does not know, and grants nothing: what is read is always the store that the request names. A token of
/// another store or of another list is refused all the same, since it can only be a mistake.
enum ContinuationToken: Sendable, Equatable {
    /// Behind the store of that id.
    case stores(after: ULID)
    /// Behind the model of that id, towards the older ones.
    case models(store: String, before: ULID)
    /// Behind the tuple that was written at that position.
    case tuples(store: String, after: Int64)
    /// Behind the change at that position, in a list of the changes of one type or, if that is empty, of all.
    case changes(store: String, after: Int64, type: String)

    /// Longer ones are none of ours: the longest thing in them is a type's name.
    private static let maximumLength = 2048

    var text: String {
        let plain =
            switch self {
            case .stores(let id): "s/\(id)"
            case .models(let store, let id): "m/\(store)/\(id)"
            case .tuples(let store, let position): "t/\(store)/\(position)"
            case .changes(let store, let position, let type): "c/\(store)/\(position)/\(type)"
            }
        return Base64URL.encode(plain.utf8)
    }

    /// Reads ``text`` as it comes back from outside.
    ///
    /// - Throws: ``RelationshipStoreError/invalidContinuationToken`` for any other text.
    init(_ text: String) throws(RelationshipStoreError) {
        guard text.utf8.count <= Self.maximumLength, let bytes = Base64URL.decode(text),
            let plain = String(validating: bytes, as: UTF8.self), let token = Self(plain: plain)
        else { throw .invalidContinuationToken }
        self = token
    }

    private init?(plain: String) {
        let parts = plain.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("s", 2):
            guard let id = ULID(parts[1]) else { return nil }
            self = .stores(after: id)
        case ("m", 3):
            guard ULID(parts[1]) != nil, let id = ULID(parts[2]) else { return nil }
            self = .models(store: String(parts[1]), before: id)
        case ("t", 3):
            guard ULID(parts[1]) != nil, let position = Self.position(parts[2]) else { return nil }
            self = .tuples(store: String(parts[1]), after: position)
        case ("c", 4):
            guard ULID(parts[1]) != nil, let position = Self.position(parts[2]) else { return nil }
            self = .changes(store: String(parts[1]), after: position, type: String(parts[3]))
        default: return nil
        }
    }

    /// Exactly as it was written: no sign, no leading zeros.
    private static func position(_ text: Substring) -> Int64? {
        guard let position = Int64(text), position >= 0, String(position) == text else { return nil }
        return position
    }
}
