/// The bytes of a model in OpenFGA's language, and where in its lines they stand.
struct SourceText {
    let bytes: [UInt8]
    /// Offsets of the first byte of each line.
    private let lines: [Int]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var lines = [0]
        for (offset, byte) in bytes.enumerated() {
            let endsLine = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") && bytes[(offset + 1)...].first != UInt8(ascii: "\n")
            if endsLine { lines.append(offset + 1) }
        }
        self.bytes = bytes
        self.lines = lines
    }

    func position(of offset: Int) -> ModelProblem.Position {
        // The last line that starts at or before the offset; there is always the first.
        var (low, high) = (0, lines.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if lines[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        let text = bytes[lines[low]..<min(offset, bytes.count)]
        // Continuation bytes of UTF-8 begin with the bits 10 and start no character.
        return ModelProblem.Position(line: low + 1, column: text.count { $0 & 0xC0 != 0x80 } + 1)
    }
}
