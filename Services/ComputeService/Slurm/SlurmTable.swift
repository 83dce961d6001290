import NIOCore

/// Cuts the output of a command into rows and fields: behind each field stands the separator, behind each row a newline.
///
/// A field may hold any other text, newlines too. Whatever precedes the first field of a row on lines of its own is left out: a login shell may
/// greet there.
struct SlurmTable {
    /// One row; it is read only while it is handed over. Bytes that are not UTF-8 become U+FFFD.
    struct Row {
        fileprivate let bytes: UnsafeRawBufferPointer
        /// Where the fields are, in bounds and as many as the table has.
        fileprivate let fields: [Range<Int>]

        subscript(_ index: Int) -> String {
            String(decoding: UnsafeRawBufferPointer(rebasing: bytes[fields[index]]), as: UTF8.self)
        }

        /// A field that is a number of digits only; most are, and so cost no string.
        func integer(_ index: Int) -> Int? {
            let field = fields[index]
            guard (1...18).contains(field.count) else { return nil }
            var value = 0
            for position in field {
                let digit = Int(bytes[position]) - 0x30
                guard (0...9).contains(digit) else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        func isEmpty(_ index: Int) -> Bool { fields[index].isEmpty }

        /// A field that is text, if it is not empty.
        func text(_ index: Int) -> String? { isEmpty(index) ? nil : self[index] }
    }

    let fieldCount: Int
    let separator: FieldSeparator

    /// Whole rows only, in their order.
    func forEachRow(in output: ByteBuffer, _ body: (Row) -> Void) {
        output.withUnsafeReadableBytes { bytes in
            let separator = Array(separator.text.utf8)
            var fields: [Range<Int>] = []
            fields.reserveCapacity(fieldCount)
            var start = 0
            while let end = Self.first(separator, in: bytes, from: start) {
                fields.append(fields.isEmpty ? Self.lineStart(in: bytes, start..<end)..<end : start..<end)
                start = end + separator.count
                if fields.count == fieldCount {
                    body(Row(bytes: bytes, fields: fields))
                    fields.removeAll(keepingCapacity: true)
                }
            }
        }
    }

    private static func first(_ pattern: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var candidate = start
        let last = bytes.count - pattern.count
        while candidate <= last {
            if bytes[candidate] == first, bytes[candidate..<(candidate + pattern.count)].elementsEqual(pattern) { return candidate }
            candidate += 1
        }
        return nil
    }

    /// Where the last line of a range begins.
    private static func lineStart(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        bytes[range].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? range.lowerBound
    }
}
