import GoldcrestProtocol

extension FileStat {
    /// The format for GNU `stat` that ``init(parsing:)`` reads: numbers only, so no locale and no name can change it.
    static let format = "%f %i %d %h %u %g %s %X %Z %Y"

    /// Reads one line that `stat` wrote with ``format``; nil when it is something else.
    init?(parsing output: some Collection<UInt8>) {
        let words = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 10, let mode = UInt64(words[0], radix: 16) else { return nil }
        let unsigned = words[1...5].compactMap { UInt64($0) }
        let signed = words[6...9].compactMap { Int64($0) }
        guard unsigned.count == 5, signed.count == 4 else { return nil }
        self.init(
            mode: mode, ino: unsigned[0], dev: unsigned[1], nlink: unsigned[2], uid: unsigned[3], gid: unsigned[4], size: signed[0],
            atime: signed[1], ctime: signed[2], mtime: signed[3])
    }
}
