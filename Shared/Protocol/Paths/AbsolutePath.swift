internal import HTTPTypes

/// An absolute, normalized POSIX path: no `.`, no `..`, no doubled or trailing slash.
///
/// It is bytes, as it is to the operating system: any but NUL. Text would not do. Names need not be UTF-8, Swift's characters merge a slash with
/// a combining mark that follows it, and its strings are equal when they are canonically equivalent, whereas file systems see two names there.
public struct AbsolutePath: Sendable, Hashable {
    /// Linux's `PATH_MAX`.
    public static let maximumLength = 4096

    public static let root = AbsolutePath(unchecked: [slash])

    public let bytes: [UInt8]

    private init(unchecked bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// Reads a path as POSIX `normpath` does, symbolic links not being looked at; `..` above the root stays at the root.
    ///
    /// - Throws: ``APIError`` 400 for a path that is empty, relative, too long or contains a NUL byte.
    public init(normalising text: String) throws(APIError) {
        try self.init(normalising: text.utf8)
    }

    /// Reads a path as POSIX `normpath` does, symbolic links not being looked at; `..` above the root stays at the root.
    ///
    /// - Throws: ``APIError`` 400 for a path that is empty, relative, too long or contains a NUL byte.
    public init(normalising bytes: some Collection<UInt8>) throws(APIError) {
        guard let first = bytes.first else { throw APIError(.badRequest, "The path is empty") }
        guard !bytes.contains(0) else { throw APIError(.badRequest, "The path contains a NUL byte") }
        guard first == Self.slash else {
            throw APIError(.badRequest, "The path \(Self.shortened(bytes)) is not absolute: it must begin with /")
        }
        guard bytes.count <= Self.maximumLength else {
            throw APIError(.badRequest, "The path is longer than \(Self.maximumLength) bytes")
        }
        var path: [UInt8] = []
        path.reserveCapacity(bytes.count)
        for component in bytes.split(separator: Self.slash) where !component.elementsEqual(".".utf8) {
            if component.elementsEqual("..".utf8) {
                path.removeSubrange((path.lastIndex(of: Self.slash) ?? 0)...)
            } else {
                path.append(Self.slash)
                path += component
            }
        }
        self.bytes = path.isEmpty ? [Self.slash] : path
    }

    /// The path as text, bytes that aren't UTF-8 replaced by U+FFFD: for people, not for systems.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// How long the path is, in bytes.
    public var byteCount: Int { bytes.count }

    public var isRoot: Bool { byteCount == 1 }

    /// The name after the last slash; empty for the root.
    public var lastComponent: ArraySlice<UInt8> {
        bytes.suffix(from: afterLastSlash)
    }

    /// The directory that holds this; the root's is the root.
    public var parent: AbsolutePath {
        let directory = bytes[..<(afterLastSlash - 1)]
        return directory.isEmpty ? .root : AbsolutePath(unchecked: directory)
    }

    /// Whether this is that directory or lies below it; `/scratch2` isn't within `/scratch`.
    public func isWithin(_ directory: AbsolutePath) -> Bool {
        if directory.isRoot { return true }
        guard bytes.starts(with: directory.bytes) else { return false }
        let rest = bytes.dropFirst(directory.byteCount)
        return rest.isEmpty || rest.first == Self.slash
    }

    /// The path of a name, or of a relative path, below this directory. The result is normalized too.
    ///
    /// - Throws: ``APIError`` 400 for a name that is empty or contains a NUL byte, and when the path becomes too long or leads out of this directory.
    public func appending(_ name: String) throws(APIError) -> AbsolutePath {
        try appending(name.utf8)
    }

    /// The path of a name, or of a relative path, below this directory. The result is normalized too.
    ///
    /// - Throws: ``APIError`` 400 for a name that is empty or contains a NUL byte, and when the path becomes too long or leads out of this directory.
    public func appending(_ name: some Collection<UInt8>) throws(APIError) -> AbsolutePath {
        guard !name.isEmpty else { throw APIError(.badRequest, "The name is empty") }
        let path = try AbsolutePath(normalising: bytes + [Self.slash] + name)
        guard path.isWithin(self) else {
            throw APIError(.badRequest, "The name \(Self.shortened(name)) leads out of \(string)")
        }
        return path
    }

    private var afterLastSlash: Int {
        (bytes.lastIndex(of: Self.slash) ?? 0) + 1
    }

    private static let slash = UInt8(ascii: "/")

    /// Enough of a client's text to recognize it.
    private static func shortened(_ text: some Collection<UInt8>) -> String {
        let start = String(decoding: text.prefix(100), as: UTF8.self)
        return text.count > 100 ? "\(start)…" : start
    }
}

extension AbsolutePath: CustomStringConvertible {
    public var description: String { string }
}

extension AbsolutePath: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(normalising: decoder.singleValueContainer().decode(String.self))
    }

    /// - Throws: `EncodingError` for a path that isn't UTF-8, as JSON cannot hold it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EncodingError.invalidValue(self, .init(codingPath: encoder.codingPath, debugDescription: "The path is not UTF-8"))
        }
        try container.encode(text)
    }
}
