#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Files that a configuration consists of. Every failure is a text for the person who wrote the configuration.
package enum ConfigurationFile {
    package struct Unreadable: Error {
        /// What is there instead of a readable file, such as `No such file or directory`.
        package var reason: String
    }

    /// Reads a regular file of UTF-8 text.
    package static func text(at path: String, maximumSize: Int) throws(Unreadable) -> String {
        // Not blocking, lest a FIFO without a writer stops the start for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Unreadable(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Unreadable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Unreadable(reason: "not a regular file") }
        let bytes = try contents(of: descriptor, maximumSize: maximumSize)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Unreadable(reason: "not UTF-8 text") }
        return text
    }

    private static func contents(of descriptor: CInt, maximumSize: Int) throws(Unreadable) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while bytes.count <= maximumSize {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                guard errno == EINTR else { throw Unreadable(errno: errno) }
                continue
            }
            bytes += chunk[..<count]
        }
        throw Unreadable(reason: "a file of more than \(maximumSize) bytes")
    }

    /// The names in a directory that end so, sorted by their bytes.
    static func names(in directory: String, endingWith suffix: String) throws(Unreadable) -> [String] {
        guard let stream = opendir(directory) else { throw Unreadable(errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A path as it is meant in a file of that directory: `~` is the home directory, a relative path starts at the file's directory.
    static func resolve(_ path: String, from directory: String) -> String {
        if path.hasPrefix("~/"), let home = getenv("HOME") {
            return String(cString: home) + path.dropFirst()
        }
        return path.hasPrefix("/") || directory.isEmpty ? path : "\(directory)/\(path)"
    }

    /// The directory part of a path; `.` if it has none.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension ConfigurationFile.Unreadable {
    fileprivate init(errno code: CInt) {
        reason = String(cString: strerror(code))
    }
}
