/// How much of a file has been moved so far, in bytes.
struct TransferProgress: Codable, Sendable, Equatable {
    var transferredBytes: Int
    var totalBytes: Int

    /// - Returns: `nil` for numbers that cannot be: they may come from a log, into which its user can write anything.
    init?(transferredBytes: Int, totalBytes: Int) {
        guard transferredBytes >= 0, transferredBytes <= totalBytes else { return nil }
        self.transferredBytes = transferredBytes
        self.totalBytes = totalBytes
    }

    /// Reads the last line `Downloaded 1 of 2 bytes` or `Uploaded 1 of 2 bytes` of a job's output log.
    ///
    /// - Parameter log: The end of the log. The first line may be cut, and the last one not be written to its end; those do not count.
    init?(endOf log: String) {
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        for line in lines.reversed() {
            if let progress = Self(line: line) {
                self = progress
                return
            }
        }
        return nil
    }

    private init?(line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 5, words[0] == "Downloaded" || words[0] == "Uploaded", words[2] == "of", words[4] == "bytes",
            let transferred = Int(words[1]), let total = Int(words[3])
        else { return nil }
        self.init(transferredBytes: transferred, totalBytes: total)
    }
}
