import Foundation
import StackTesting

/// What the kernel knows of the processes of this machine, which is also the stack's login node.
enum ProcessTable {
    /// The processes that have a text in their command line.
    static func processes(mentioning text: String) -> [Int32] {
        let own = getpid()
        return ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.filter { process in
            process != own && contents("/proc/\(process)/cmdline").contains(text)
        }
    }

    /// The largest amount of memory that a process ever had resident, in bytes.
    static func peakMemory(of process: Int32) throws -> Int {
        let line = contents("/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Unexpected(description: "process \(process) is gone")
        }
        return kilobytes * 1024
    }

    /// How many connections to a port of this machine a process has.
    static func connections(of process: Int32, to port: Int) -> Int {
        let folder = "/proc/\(process)/fd"
        let sockets = Set(
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { name -> String? in
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)") else { return nil }
                return target.hasPrefix("socket:[") ? String(target.dropFirst(8).dropLast()) : nil
            })
        let wanted = String(port, radix: 16, uppercase: true)
        return contents("/proc/\(process)/net/tcp").split(separator: "\n").dropFirst().filter { line in
            let fields = line.split(separator: " ")
            // Remote address, state (1: established), inode.
            guard fields.count > 9 else { return false }
            return fields[2].hasSuffix(":\(wanted)") && fields[3] == "01" && sockets.contains(String(fields[9]))
        }.count
    }

    private static func contents(_ path: String) -> String {
        // Files of /proc have no size, so they cannot be read in one go by size.
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        defer { try? file.close() }
        return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    }
}
