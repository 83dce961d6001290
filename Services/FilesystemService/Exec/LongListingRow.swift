/// One line of `ls -l`: type and permissions, links, user, group, size, time, name, and the target of a link.
struct LongListingRow {
    let type: String
    let permissions: String
    let size: String
    let lastModified: String
    let name: [UInt8]
    let linkTarget: [UInt8]?

    private let lineStart: Int
    /// User and group with the blanks between.
    private let ownersText: ArraySlice<UInt8>

    /// - Returns: Nil when the line has another form.
    init?(_ line: ArraySlice<UInt8>) {
        guard let quote = line.firstIndex(of: UInt8(ascii: "\"")), let (name, rest) = CQuotedText.read(line[quote...]) else { return nil }
        self.name = name
        if rest.isEmpty {
            linkTarget = nil
        } else {
            let arrow = " -> ".utf8
            guard rest.starts(with: arrow), let (target, nothing) = CQuotedText.read(rest.dropFirst(arrow.count)), nothing.isEmpty else {
                return nil
            }
            linkTarget = target
        }

        var columns = Columns(line[..<quote])
        guard let mode = columns.takeFirst(), mode.count >= 10, columns.takeFirst() != nil, let time = columns.takeLast(),
            let size = columns.takeLast()
        else { return nil }
        // What cannot be looked at shows question marks. Devices show "major, minor" where others show a size.
        let isDevice = columns.last?.last == UInt8(ascii: ",")
        if isDevice { _ = columns.takeLast() }
        let modeText = String(decoding: mode, as: UTF8.self)
        type = String(modeText.prefix(1))
        permissions = String(modeText.dropFirst())
        lastModified = String(decoding: time, as: UTF8.self)
        self.size = isDevice || size.elementsEqual("?".utf8) ? "0" : String(decoding: size, as: UTF8.self)
        lineStart = line.startIndex
        ownersText = columns.rest
        guard !ownersText.isEmpty else { return nil }
    }

    /// Where the group begins, counted from the line's beginning, if user and group are one word each.
    var unambiguousGroupColumn: Int? {
        let words = ownersText.split(separator: UInt8(ascii: " "))
        guard words.count == 2 else { return nil }
        return words[1].startIndex - lineStart
    }

    /// User and group, split at the column where the group begins; behind the first word when no line shows that column.
    func owners(groupColumn: Int?) -> (user: String, group: String) {
        var split = ownersText.firstIndex(of: UInt8(ascii: " ")) ?? ownersText.endIndex
        if unambiguousGroupColumn == nil, let groupColumn, ownersText.indices.contains(lineStart + groupColumn) {
            split = lineStart + groupColumn
        }
        return (Self.trimmed(ownersText[..<split]), Self.trimmed(ownersText[split...]))
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> String {
        var columns = Columns(text)
        columns.trim()
        return String(decoding: columns.rest, as: UTF8.self)
    }
}

/// A text whose words are taken off from both ends.
private struct Columns {
    private(set) var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) {
        rest = text
        trim()
    }

    var last: ArraySlice<UInt8>? {
        rest.isEmpty ? nil : rest.suffix(from: rest.lastIndex(of: Self.blank).map { $0 + 1 } ?? rest.startIndex)
    }

    mutating func takeFirst() -> ArraySlice<UInt8>? {
        let word = rest.prefix { $0 != Self.blank }
        rest = rest.dropFirst(word.count)
        trim()
        return word.isEmpty ? nil : word
    }

    mutating func takeLast() -> ArraySlice<UInt8>? {
        guard let word = last else { return nil }
        rest = rest.dropLast(word.count)
        trim()
        return word
    }

    mutating func trim() {
        rest = rest.drop { $0 == Self.blank }
        while rest.last == Self.blank { rest.removeLast() }
    }

    private static let blank = UInt8(ascii: " ")
}
