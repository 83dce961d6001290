import GoldcrestProtocol
import HTTPTypes

/// What a part's header says about it (RFC 7578 section 4.2).
struct MultipartPart: Equatable {
    /// The form field.
    var name: String
    /// The file's name; nil for a field that isn't a file. It need not be UTF-8: clients send the bytes that their file system has.
    var fileName: [UInt8]?

    init(name: String, fileName: [UInt8]?) {
        self.name = name
        self.fileName = fileName
    }

    /// Reads a header: fields that end in CRLF, without the empty line.
    ///
    /// - Throws: ``APIError`` 400 when it names no form field.
    init(header: [UInt8]) throws(APIError) {
        guard let disposition = Self.contentDisposition(in: header) else {
            throw APIError(.badRequest, "A part of the multipart body has no Content-Disposition")
        }
        guard let value = ParameterizedHeaderValue(parsing: disposition), value.value == "form-data" else {
            throw APIError(.badRequest, "The Content-Disposition of a part of the multipart body is not well formed form-data")
        }
        guard let name = value.parameters["name"] else {
            throw APIError(.badRequest, "The Content-Disposition of a part of the multipart body has no name")
        }
        self.name = String(decoding: Self.unescaped(name), as: UTF8.self)
        if let extended = value.parameters["filename*"] {
            guard let decoded = Self.decodedExtendedValue(extended) else {
                throw APIError(.badRequest, "The filename* of a part of the multipart body is not well formed (RFC 8187)")
            }
            fileName = decoded
        } else {
            fileName = value.parameters["filename"].map(Self.unescaped)
        }
    }

    /// The last field of that name; a field may be folded over several lines.
    private static func contentDisposition(in header: [UInt8]) -> [UInt8]? {
        var found: [UInt8]?
        var isFolding = false
        for line in header.split(separator: UInt8(ascii: "\n")) {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if let first = line.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
                if isFolding { found?.append(contentsOf: line) }
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            isFolding = String(decoding: line[..<colon], as: UTF8.self).lowercased() == "content-disposition"
            if isFolding { found = Array(line[(colon + 1)...]) }
        }
        return found
    }

    /// Undoes the percent-encoding of what cannot stand between quotes: the quote itself and control characters. Browsers, curl and httpx write
    /// those this way and leave every other percent sign as it is (WHATWG HTML, "multipart/form-data encoding algorithm").
    private static func unescaped(_ text: [UInt8]) -> [UInt8] {
        percentDecoded(text) { $0 == UInt8(ascii: "\"") || $0 < 0x20 }
    }

    /// `charset'language'percent-encoded` (RFC 8187 section 3.2); only UTF-8, as every sender must be able to.
    private static func decodedExtendedValue(_ text: [UInt8]) -> [UInt8]? {
        let pieces = text.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, String(decoding: pieces[0], as: UTF8.self).lowercased() == "utf-8" else { return nil }
        let bytes = percentDecoded(pieces[2]) { _ in true }
        return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }

    /// Decodes those escapes whose byte `isDecoded` takes.
    private static func percentDecoded(_ text: some Collection<UInt8>, where isDecoded: (UInt8) -> Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(isHexadecimalDigit),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), isDecoded(value)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
