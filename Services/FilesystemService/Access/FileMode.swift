import GoldcrestProtocol
import HTTPTypes

/// A mode as chmod(1) takes it: octal digits, or clauses such as `u+rw,go-w`.
struct FileMode: Sendable, Equatable {
    let text: String

    /// The mode as a number; nil where it says what to change of the one that a file has.
    var bits: UInt32? { Self.isOctal(Array(text.utf8)[...]) ? UInt32(text, radix: 8) : nil }

    /// - Throws: ``APIError`` 400 for a text that is no mode.
    init(_ text: String) throws(APIError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength, Self.isOctal(bytes[...]) || Self.isSymbolic(bytes) else {
            throw APIError.validation([
                .init(
                    location: .body, name: "mode",
                    message: "must be octal digits up to 7777, or clauses of [ugoa]*[-+=][rwxXst]* with commas between, such as u+rwX,go-w")
            ])
        }
        self.text = text
    }

    private static let maximumLength = 256

    /// A fifth digit says nothing of the mode: GNU chmod then clears a directory's set-group-ID bit too, which it otherwise keeps.
    private static func isOctal(_ text: ArraySlice<UInt8>) -> Bool {
        guard (1...5).contains(text.count), consists(text, of: "01234567") else { return false }
        return text.count < 5 || text.first == UInt8(ascii: "0")
    }

    private static func isSymbolic(_ text: [UInt8]) -> Bool {
        text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).allSatisfy(isClause)
    }

    /// `[ugoa]*([-+=]([rwxXst]*|[ugo]))+`, or `[-+=]` with octal digits.
    private static func isClause(_ clause: ArraySlice<UInt8>) -> Bool {
        var rest = clause.drop { "ugoa".utf8.contains($0) }
        guard !rest.isEmpty else { return false }
        while let sign = rest.first {
            guard "-+=".utf8.contains(sign) else { return false }
            let what = rest.dropFirst().prefix { !"-+=".utf8.contains($0) }
            rest = rest.dropFirst(1 + what.count)
            let isNumber = what.count == clause.count - 1 && isOctal(what)
            let isCopy = what.count == 1 && consists(what, of: "ugo")
            guard isNumber || isCopy || consists(what, of: "rwxXst") else { return false }
        }
        return true
    }

    private static func consists(_ bytes: ArraySlice<UInt8>, of characters: String) -> Bool {
        bytes.allSatisfy { characters.utf8.contains($0) }
    }
}
