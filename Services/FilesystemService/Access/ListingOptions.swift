/// What a directory listing shows, and how.
struct ListingOptions: Sendable, Equatable {
    /// Names that begin with a dot too, but never `.` and `..`.
    var showsHidden = false
    /// Owners as numbers instead of names.
    var numericIDs = false
    var recursive = false
    /// Shows what links lead to instead of the links.
    var dereferences = false
}
