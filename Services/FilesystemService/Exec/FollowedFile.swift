/// How far a file has been followed, and what is to be done next.
struct FollowedFile: Sendable, Equatable {
    /// What `stat` says of one file.
    struct Look: Sendable, Equatable {
        /// Device and inode.
        var identity: String
        /// In bytes.
        var size: Int

        /// Reads a line of the format `%d:%i %s`.
        init?(_ line: some Collection<UInt8>) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 2, let size = Int(words[1]) else { return nil }
            identity = String(words[0])
            self.size = size
        }
    }

    enum Step: Sendable, Equatable {
        case read(Range<Int>)
        /// There is nothing new.
        case wait
        /// The content begins anew: the file was truncated, or another has its name and this one was read to its end.
        case restart
    }

    /// The most bytes that are read at a time.
    static let maximumPiece = 96 * 1024

    /// Behind the last byte that was read.
    private(set) var position: Int

    init(position: Int) {
        self.position = position
    }

    /// - Parameters:
    ///   - opened: The file that is followed.
    ///   - named: The one that has its name now, if there is one.
    func step(opened: Look, named: Look?) -> Step {
        if opened.size < position { return .restart }
        if opened.size > position { return .read(position..<min(opened.size, position + Self.maximumPiece)) }
        if let named, named.identity != opened.identity { return .restart }
        return .wait
    }

    mutating func advance(by count: Int) {
        position += count
    }
}
