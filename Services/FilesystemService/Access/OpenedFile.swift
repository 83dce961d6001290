/// What is known of a file before its content comes.
struct OpenedFile: Sendable, Equatable {
    var version: FileVersion
    /// Which bytes come; nil for none, as nobody wants them.
    var range: Range<Int>?
}
