import NIOCore

/// Finds where lines begin, in content that comes in pieces.
enum LineCount {
    /// The last lines of a file, looked for from its end.
    struct Backward {
        /// Line ends still to be passed; the one that ends the last line counts as well.
        private var remaining: Int
        private var hasBegun = false

        init(last count: Int) {
            remaining = count
        }

        /// Looks at the bytes in front of those looked at before.
        ///
        /// - Returns: How many of them precede the lines that were asked for; nil when those begin further in front.
        mutating func start(in bytes: ByteBufferView) -> Int? {
            var end = bytes.endIndex
            if !hasBegun, let last = bytes.last {
                hasBegun = true
                // Behind the last line end there is no line.
                if last == UInt8(ascii: "\n") { end -= 1 }
            }
            while let lineEnd = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")) {
                remaining -= 1
                if remaining == 0 { return lineEnd + 1 - bytes.startIndex }
                end = lineEnd
            }
            return nil
        }
    }

    /// The lines behind the first ones.
    struct Forward {
        private var remaining: Int

        init(skipping count: Int) {
            remaining = count
        }

        /// Looks at the bytes behind those looked at before.
        ///
        /// - Returns: How many of them belong to the lines that are skipped; nil when all do.
        mutating func start(in bytes: ByteBufferView) -> Int? {
            var start = bytes.startIndex
            while remaining > 0 {
                guard let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                remaining -= 1
                start = lineEnd + 1
            }
            return start - bytes.startIndex
        }
    }
}
