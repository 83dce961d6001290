import NIOCore

/// What `ls` says on standard error of entries that it could not look at.
enum ListingComplaints {
    /// Links that lead nowhere, round in circles or to a directory listed already, and files that were removed meanwhile. They are no reason to
    /// refuse the listing.
    private static let harmless = [": No such file or directory", ": Too many levels of symbolic links", ": not listing already-listed directory"]

    /// Whether there are complaints and none of them matters.
    static func areHarmless(_ standardError: ByteBuffer) -> Bool {
        let text = String(buffer: standardError)
        var lines = text.split(separator: "\n")
        // Of very many complaints only the first are kept, the last of those in part.
        if !text.hasSuffix("\n") { _ = lines.popLast() }
        return !lines.isEmpty && lines.allSatisfy { line in harmless.contains { line.hasSuffix($0) } }
    }
}
