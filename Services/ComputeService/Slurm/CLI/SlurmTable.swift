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

        /// A field, if it is a number of digits only.
        func integer(_ index: Int) -> Int? { DecimalDigits.integer(bytes[fields[index]]) }

        /// A field's bytes, for what needs no string.
        func bytes(_ index: Int) -> Slice<UnsafeRawBufferPointer> { bytes[fields[index]] }

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
            separator.withUnsafeBufferPointer { forEachRow(in: bytes, separatedBy: $0, body) }
        }
    }

    private func forEachRow(in bytes: UnsafeRawBufferPointer, separatedBy separator: UnsafeBufferPointer<UInt8>, _ body: (Row) -> Void) {
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

    private static func first(_ pattern: UnsafeBufferPointer<UInt8>, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let first = pattern.first else { return nil }
        var candidate = start
        let last = bytes.count - pattern.count
        while candidate <= last {
            if bytes[candidate] == first {
                var matching = 1
                while matching < pattern.count && bytes[candidate + matching] == pattern[matching] { matching += 1 }
                if matching == pattern.count { return candidate }
            }
            candidate += 1
        }
        return nil
    }

    /// Where the last line of a range begins.
    private static func lineStart(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        var start = range.upperBound
        while start > range.lowerBound && bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return start
    }
}
