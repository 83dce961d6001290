/// Why a text names no object, relation or user.
///
/// The rules are OpenFGA's (`pkg/tuple` and the patterns of its protobuf messages): lengths of objects and relations count Unicode scalars,
/// those of users bytes, and blanks are space, tab, line feed, form feed and carriage return.
public struct InvalidReference: Error, Sendable, Hashable, CustomStringConvertible {
    /// The member of a tuple that the text was given for.
    public enum Field: String, Sendable, Hashable {
        case object, relation, user
    }

    public enum Cause: Sendable, Hashable {
        case empty
        /// Longer than OpenFGA allows, whatever it says.
        case tooLong
        /// Not of the form that the field has.
        case malformed
        /// An object that is a wildcard, `document:*`; only users can be.
        case wildcard
        /// A user without a type, such as `anne` or `*`, which only schema 1.0 knew.
        case untyped
    }

    public let field: Field
    public let cause: Cause

    public init(_ field: Field, _ cause: Cause) {
        self.field = field
        self.cause = cause
    }

    public var description: String {
        switch (field, cause) {
        case (_, .empty): "the '\(field.rawValue)' field is empty"
        case (.object, .tooLong): "the 'object' field is longer than \(ObjectReference.maximumLength) characters"
        case (.relation, .tooLong): "the 'relation' field is longer than \(TupleKey.maximumRelationLength) characters"
        case (.user, .tooLong): "the 'user' field is longer than \(UserReference.maximumBytes) bytes"
        case (_, .wildcard): "the '\(field.rawValue)' field cannot reference a typed wildcard; name one object, such as document:1"
        case (_, .untyped):
            "the 'user' field must be an object (e.g. document:1) or an 'object#relation' or a typed wildcard (e.g. group:*)"
        case (.object, .malformed): "invalid 'object' field format; it must be 'type:id', with one ':' and without '#', blanks and NUL"
        case (.relation, .malformed): "the 'relation' field is malformed; it must be without ':', '#', '@', blanks and NUL"
        case (.user, .malformed):
            "the 'user' field is malformed; it must be 'type:id', 'type:*' or 'type:id#relation', without other ':' and '#', blanks and NUL"
        }
    }
}
