/// What it means for somebody to be found in a part of a rewrite, or along a way through several.
enum Standing: Int, Sendable, CaseIterable {
    /// He has the relation: there are only `or`s above.
    case sufficient
    /// He may have it: something else must hold too, or must not.
    case possible
    /// He is subtracted: being found counts against him.
    case contrary

    /// Of a way that goes on within a part.
    func followed(by next: Standing) -> Standing {
        switch (self, next) {
        case (.sufficient, _): next
        case (.possible, .contrary): .contrary
        case (.possible, _): .possible
        // What is subtracted from the subtracted is left.
        case (.contrary, .contrary): .possible
        case (.contrary, _): .contrary
        }
    }
}
