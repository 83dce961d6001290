/// An object by its type and id: `document:plan`.
public struct ObjectReference: Sendable, Hashable, CustomStringConvertible {
    public var type: String
    public var id: String

    public init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    public var description: String { "\(type):\(id)" }

    /// Compares bytes, as OpenFGA does. Swift's texts are the same when Unicode calls them equivalent, so that a name with a Kelvin sign
    /// would be the one with a `K`: two users for whoever hands out names, and one here.
    public static func == (left: ObjectReference, right: ObjectReference) -> Bool {
        left.id == right.id && left.type == right.type
            && left.id.utf8.elementsEqual(right.id.utf8) && left.type.utf8.elementsEqual(right.type.utf8)
    }
}
