import Foundation

/// A process below an SSH server, as /proc shows it.
struct RemoteChild: Sendable {
    let number: Int32
    let parent: Int32
    let commandLine: String

    /// Every process of this machine.
    static var all: [RemoteChild] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.compactMap(RemoteChild.init)
    }

    private init?(_ number: Int32) {
        guard let status = Self.content("/proc/\(number)/stat"), let line = Self.content("/proc/\(number)/cmdline"),
            let end = status.lastIndex(of: ")")
        else { return nil }
        // Behind the command's name, which may hold anything: the state and the parent (proc(5)).
        let fields = status[end...].split(separator: " ")
        guard fields.count > 2, let parent = Int32(fields[2]) else { return nil }
        self.number = number
        self.parent = parent
        commandLine = line.replacing("\0", with: " ")
    }

    private static func content(_ path: String) -> String? {
        // Files of /proc have no size, so they cannot be read in one go by size.
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
    }

    func end() { kill(number, SIGKILL) }
    func stop() { kill(number, SIGSTOP) }
}
