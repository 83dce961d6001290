/// Cuts a JSON object into its parts while it arrives: the elements of one field, which is an array, each by itself, and the other fields' values.
///
/// Schedulers answer with an object one field of which has everything, such as `jobs`, in tens of megabytes. No more of it is kept than the
/// part that has not arrived whole; where a part lies in one piece it is handed over without being copied.
package struct JSONElementStream {
    /// What of an answer is too much.
    package struct Limits {
        /// The largest single part, in bytes.
        package var part: Int
        /// The largest answer, in bytes.
        package var total: Int

        package init(part: Int = 4 << 20, total: Int = 1 << 30) {
            self.part = part
            self.total = total
        }
    }

    package enum Part {
        case element
        /// The value of another field.
        case field(name: String)
    }

    private enum Expectation {
        case object, firstKey, key, colon, value, afterValue, firstElement, element, afterElement, nothing
    }

    /// A value whose end has not come.
    private enum Scan {
        case string(isKey: Bool)
        case container(depth: Int, isInString: Bool)
        case scalar
    }

    private let array: String
    private let limits: Limits
    private var expectation = Expectation.object
    private var scan: Scan?
    /// Whether the byte before was a backslash that is not escaped itself.
    private var isEscaped = false
    private var isElement = false
    private var name = ""
    /// What has arrived of the part that the last piece ended in.
    private var begun: [UInt8] = []
    private var total = 0

    /// - Parameter array: The name of the field whose elements are wanted one by one.
    package init(array: String, limits: Limits = Limits()) {
        self.array = array
        self.limits = limits
    }

    /// Takes the next piece and hands over the parts that end in it, in their order.
    ///
    /// - Parameter body: The bytes are there only during the call.
    package mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (Part, UnsafeRawBufferPointer) throws -> Void) throws {
        total += piece.count
        guard total <= limits.total else { throw MalformedJSON("it is larger than \(limits.total) bytes") }
        var position = 0
        while position < piece.count {
            guard scan != nil else {
                position = try begin(piece, at: position)
                continue
            }
            let start = position
            let isWhole = skim(piece, &position)
            guard begun.count + position - start <= limits.part else {
                throw MalformedJSON("a part of it is larger than \(limits.part) bytes")
            }
            let bytes = UnsafeRawBufferPointer(rebasing: piece[start..<position])
            guard isWhole else { return begun.append(contentsOf: bytes) }
            if begun.isEmpty {
                try end(bytes, body)
            } else {
                begun.append(contentsOf: bytes)
                try begun.withUnsafeBytes { try end($0, body) }
                begun.removeAll(keepingCapacity: true)
            }
        }
    }

    /// - Throws: ``MalformedJSON`` unless the object has come to its end.
    package func finish() throws {
        guard case .nothing = expectation else { throw MalformedJSON.truncated }
    }

    // MARK: - Between parts

    /// Goes over one byte between parts, or stops before the first byte of a part.
    private mutating func begin(_ piece: UnsafeRawBufferPointer, at position: Int) throws -> Int {
        let byte = piece[position]
        if byte <= 0x20 { return position + 1 }
        switch (expectation, byte) {
        case (.object, UInt8(ascii: "{")): expectation = .firstKey
        case (.firstKey, UInt8(ascii: "}")), (.afterValue, UInt8(ascii: "}")): expectation = .nothing
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")):
            scan = .string(isKey: true)
            return position
        case (.colon, UInt8(ascii: ":")): expectation = .value
        case (.value, UInt8(ascii: "[")) where name == array: expectation = .firstElement
        case (.value, _): return try beginValue(byte, at: position)
        case (.afterValue, UInt8(ascii: ",")): expectation = .key
        case (.firstElement, UInt8(ascii: "]")), (.afterElement, UInt8(ascii: "]")): expectation = .afterValue
        case (.firstElement, _), (.element, _):
            isElement = true
            return try beginValue(byte, at: position)
        case (.afterElement, UInt8(ascii: ",")): expectation = .element
        default: throw MalformedJSON("a character stands where it cannot")
        }
        return position + 1
    }

    private mutating func beginValue(_ byte: UInt8, at position: Int) throws -> Int {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"): throw MalformedJSON("a value is missing")
        case UInt8(ascii: "\""): scan = .string(isKey: false)
        case UInt8(ascii: "{"), UInt8(ascii: "["): scan = .container(depth: 0, isInString: false)
        default: scan = .scalar
        }
        return position
    }

    // MARK: - Within a part

    /// Goes to the end of the part, or of the piece.
    ///
    /// - Returns: Whether the part has ended.
    private mutating func skim(_ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
        switch scan {
        case .string:
            // The opening quote, unless it was in an earlier piece.
            if begun.isEmpty { position += 1 }
            return skimString(piece, &position)
        case .container(var depth, var isInString):
            let isWhole = skimContainer(piece, &position, &depth, &isInString)
            scan = .container(depth: depth, isInString: isInString)
            return isWhole
        case .scalar:
            while position < piece.count, !JSONBytes.endsScalar(piece[position]) { position += 1 }
            return position < piece.count
        case nil: return true
        }
    }

    /// Goes behind the closing quote.
    private mutating func skimString(_ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
        var isEscaped = isEscaped
        var index = position
        defer {
            position = index
            self.isEscaped = isEscaped
        }
        while index < piece.count {
            let byte = piece[index]
            index += 1
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                return true
            } else {
                isEscaped = byte == UInt8(ascii: "\\")
            }
        }
        return false
    }

    private mutating func skimContainer(
        _ piece: UnsafeRawBufferPointer, _ position: inout Int, _ depth: inout Int, _ isInString: inout Bool
    ) -> Bool {
        while position < piece.count {
            if isInString {
                guard skimString(piece, &position) else { return false }
                isInString = false
            }
            var index = position
            while index < piece.count, !JSONBytes.isStructure(piece[index]) { index += 1 }
            position = index
            guard index < piece.count else { return false }
            position += 1
            switch piece[index] {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            default:
                depth -= 1
                if depth == 0 { return true }
            }
        }
        return false
    }

    private mutating func end(_ bytes: UnsafeRawBufferPointer, _ body: (Part, UnsafeRawBufferPointer) throws -> Void) throws {
        let ended = scan
        scan = nil
        if case .string(isKey: true) = ended {
            let text = UnsafeRawBufferPointer(rebasing: bytes.dropFirst().dropLast())
            guard let key = JSONText.decode(text, hasEscapes: text.contains(UInt8(ascii: "\\"))) else {
                throw MalformedJSON("a field's name has an escape that is none")
            }
            name = key
            expectation = .colon
        } else if isElement {
            isElement = false
            expectation = .afterElement
            try body(.element, bytes)
        } else {
            expectation = .afterValue
            try body(.field(name: name), bytes)
        }
    }
}
