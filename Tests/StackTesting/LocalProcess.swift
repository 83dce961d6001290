import FoundationEssentials
import Glibc

/// The processes of this machine, which is the system of the tests as well.
public enum LocalProcess {
    /// The command lines in which a text stands.
    public static func all(with text: String) -> [String] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int($0) } ?? []
        return numbers.compactMap { number in
            let command = content(of: "/proc/\(number)/cmdline").replacing("\0", with: " ")
            return command.contains(text) ? command : nil
        }
    }

    /// The memory of this process, in bytes.
    public static var residentSize: Int {
        let words = content(of: "/proc/self/statm").split(separator: " ")
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Files of /proc have no size, so they are read up to their end.
    private static func content(of path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
