import NIOCore

/// A line of `scontrol --oneliner`: words of the form `Key=value`.
///
/// A value ends at the first space. Those that may hold more (a node's operating system, the reason for which it is down) are not to be read
/// from here; they stand behind the others, so that words in them are never taken for keys, of which the first counts.
struct ScontrolRecord {
    private struct Word {
        let start: Int
        let equals: Int
        let end: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private let words: [Word]

    /// Calls `body` with each line that begins with a key; a record is read only while it is handed over.
    static func forEach(_ first: StaticString, in output: ByteBuffer, _ body: (ScontrolRecord) -> Void) {
        output.withUnsafeReadableBytes { bytes in
            var words: [Word] = []
            var start = 0
            while start < bytes.count {
                words.removeAll(keepingCapacity: true)
                let end = split(bytes, from: start, into: &words)
                let record = ScontrolRecord(bytes: bytes, words: words)
                if let word = words.first, word.start == start, record.matches(word, first) { body(record) }
                start = end + 1
            }
        }
    }

    /// - Returns: Where the line ends.
    private static func split(_ bytes: UnsafeRawBufferPointer, from start: Int, into words: inout [Word]) -> Int {
        var begin = start
        var equals: Int?
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "=") {
                equals = equals ?? position
            } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
                if let equals { words.append(Word(start: begin, equals: equals, end: position)) }
                if byte == UInt8(ascii: "\n") { return position }
                begin = position + 1
                equals = nil
            }
            position += 1
        }
        if let equals { words.append(Word(start: begin, equals: equals, end: position)) }
        return position
    }

    /// The value of a key; `nil` if it has none or Slurm's words for that.
    subscript(_ key: StaticString) -> String? {
        guard let value = value(of: key), !value.isEmpty else { return nil }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: value), as: UTF8.self)
        return text == "(null)" || text == "N/A" ? nil : text
    }

    /// The value of a key, if it is a number of digits only.
    func integer(_ key: StaticString) -> Int? {
        value(of: key).flatMap { DecimalDigits.integer($0) }
    }

    private func value(of key: StaticString) -> Slice<UnsafeRawBufferPointer>? {
        guard let word = words.first(where: { self.matches($0, key) }) else { return nil }
        return bytes[(word.equals + 1)..<word.end]
    }

    private func matches(_ word: Word, _ key: StaticString) -> Bool {
        let length = key.utf8CodeUnitCount
        guard word.equals - word.start == length else { return false }
        for position in 0..<length where bytes[word.start + position] != key.utf8Start[position] { return false }
        return true
    }
}
