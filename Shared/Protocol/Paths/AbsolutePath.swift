internal import HTTPTypes

/// An absolute, normalized POSIX path: no `.`, no `..`, no doubled or trailing slash.
///
/// Works on bytes throughout: Swift's characters merge a slash with a combining mark that follows it, and its strings are equal when they are canonically
/// equivalent, whereas file systems see two names there.
public struct AbsolutePath: Sendable {
    /// Linux's `PATH_MAX`.
    public static let maximumLength = 4096

    public static let root = AbsolutePath(unchecked: "/")

    /// The path as text.
    public let string: String

    private init(unchecked string: String) {
        self.string = string
    }

    /// Reads a path as POSIX `normpath` does, symbolic links not being looked at; `..` above the root stays at the root.
    ///
    /// - Throws: ``APIError`` 400 for a path that is empty, relative, too long or contains a NUL byte.
    public init(normalising text: String) throws(APIError) {
        let bytes = text.utf8
        guard let first = bytes.first else { throw APIError(.badRequest, "The path is empty") }
        guard !bytes.contains(0) else { throw APIError(.badRequest, "The path contains a NUL byte") }
        guard first == Self.slash else {
            throw APIError(.badRequest, "The path \(Self.shortened(text)) is not absolute: it must begin with /")
        }
        guard bytes.count <= Self.maximumLength else {
            throw APIError(.badRequest, "The path is longer than \(Self.maximumLength) bytes")
        }
        var components: [Substring.UTF8View] = []
        for component in text[...].utf8.split(separator: Self.slash) where !component.elementsEqual(".".utf8) {
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        string = components.isEmpty ? "/" : components.reduce(into: "") { $0 += "/"; $0 += Substring($1) }
    }

    /// How long the path is, in bytes.
    public var byteCount: Int { string.utf8.count }

    public var isRoot: Bool { byteCount == 1 }

    /// The names between the slashes.
    public var components: [String] {
        string.utf8.split(separator: Self.slash).map { String(Substring($0)) }
    }

    /// The name after the last slash; empty for the root.
    public var lastComponent: String {
        String(Substring(string.utf8.suffix(from: afterLastSlash)))
    }

    /// The directory that holds this; the root's is the root.
    public var parent: AbsolutePath {
        let directory = String(Substring(string.utf8[..<string.utf8.index(before: afterLastSlash)]))
        return directory.isEmpty ? .root : AbsolutePath(unchecked: directory)
    }

    /// Whether this is that directory or lies below it; `/scratch2` isn't within `/scratch`.
    public func isWithin(_ directory: AbsolutePath) -> Bool {
        if directory.isRoot { return true }
        guard string.utf8.starts(with: directory.string.utf8) else { return false }
        let rest = string.utf8.dropFirst(directory.byteCount)
        return rest.isEmpty || rest.first == Self.slash
    }

    /// The path of a name, or of a relative path, below this directory. The result is normalized too.
    ///
    /// - Throws: ``APIError`` 400 for a name that is empty or contains a NUL byte, and when the path becomes too long or leads out of this directory.
    public func appending(_ name: String) throws(APIError) -> AbsolutePath {
        guard !name.isEmpty else { throw APIError(.badRequest, "The name is empty") }
        let path = try AbsolutePath(normalising: string + "/" + name)
        guard path.isWithin(self) else {
            throw APIError(.badRequest, "The name \(Self.shortened(name)) leads out of \(string)")
        }
        return path
    }

    private var afterLastSlash: String.UTF8View.Index {
        let bytes = string.utf8
        return bytes.lastIndex(of: Self.slash).map(bytes.index(after:)) ?? bytes.startIndex
    }

    private static let slash = UInt8(ascii: "/")

    /// Enough of a client's text to recognize it.
    private static func shortened(_ text: String) -> String {
        text.count > 100 ? text.prefix(100) + "…" : text
    }
}

extension AbsolutePath: Hashable {
    public static func == (one: AbsolutePath, other: AbsolutePath) -> Bool {
        one.string.utf8.elementsEqual(other.string.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in string.utf8 { hasher.combine(byte) }
    }
}

extension AbsolutePath: CustomStringConvertible {
    public var description: String { string }
}

extension AbsolutePath: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(normalising: decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}
