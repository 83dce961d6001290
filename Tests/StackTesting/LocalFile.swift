public import FoundationEssentials
import Glibc

/// Files that the tests make directly, with names that no HTTP request could carry.
public enum LocalFile {
    public struct Failure: Error {
        public let path: [UInt8]
        public let errno: Int32
    }

    /// Makes an empty file that everyone can read.
    public static func make(_ path: [UInt8]) throws {
        let descriptor = open(path.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(path: path, errno: errno) }
        close(descriptor)
    }

    public static func make(_ path: String) throws {
        try make(Array(path.utf8))
    }

    public static func append(_ path: String, _ bytes: [UInt8]) throws {
        let descriptor = open(path, O_APPEND | O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
        defer { close(descriptor) }
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    public static func link(_ path: String, to target: String) throws {
        guard symlink(target, path) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    public static func pipe(_ path: String) throws {
        guard mkfifo(path, 0o666) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    public static func setMode(_ path: String, _ mode: UInt32) throws {
        guard chmod(path, mode) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    /// Makes a file shorter, or longer by a hole.
    public static func truncate(_ path: String, to size: Int) throws {
        guard Glibc.truncate(path, size) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    public static func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    /// Sets the time of the last change.
    public static func setModified(_ path: String, _ date: Date) throws {
        let time = timespec(tv_sec: Int(date.timeIntervalSince1970.rounded(.down)), tv_nsec: 0)
        guard utimensat(AT_FDCWD, path, [time, time], 0) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    /// In bytes.
    public static func size(_ path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
        return Int(status.st_size)
    }

    /// Permissions and owner.
    public static func status(_ path: String) throws -> (mode: UInt32, owner: UInt32) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
        return (status.st_mode & 0o7777, status.st_uid)
    }

    public static func setGroup(_ path: String, _ group: UInt32) throws {
        guard chown(path, .max, group) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
    }

    public static func group(_ path: String) throws -> UInt32 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
        return status.st_gid
    }

    /// The device that a file lies on.
    public static func device(_ path: String) throws -> UInt64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure(path: Array(path.utf8), errno: errno) }
        return UInt64(status.st_dev)
    }
}
