#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A small file with one key in PEM.
struct KeyFile {
    enum Secrecy {
        case secret
        case open
    }

    private static let maximumSize = 16384

    let path: String
    let secrecy: Secrecy

    /// - Returns: The text, or nil when there is no such file.
    func text() throws(CallContextKeyError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw CallContextKeyError(.unreadable, "Cannot read \(path): \(Self.reason(errno))")
        }
        defer { close(descriptor) }
        // Asked of the open file, so that it cannot be another one by the time it is read.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumSize else {
            throw CallContextKeyError(.unreadable, "Cannot read \(path): it is no file of at most \(Self.maximumSize) bytes")
        }
        try check(status)
        return try contents(of: descriptor)
    }

    /// Writes the file.
    ///
    /// - Parameter isReplacing: Whether a file that is there is replaced, at once and as a whole.
    /// - Returns: Whether it was written: false if there was one already.
    func store(_ text: String, isReplacing: Bool) throws(CallContextKeyError) -> Bool {
        let target = isReplacing ? "\(path).\(getpid())" : path
        let mode: mode_t = secrecy == .secret ? 0o600 : 0o644
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            if errno == EEXIST && !isReplacing { return false }
            throw CallContextKeyError(.unwritable, "Cannot write \(target): \(Self.reason(errno))")
        }
        let bytes = Array(text.utf8)
        // The umask must not decide who can read the public key.
        let isWritten =
            fchmod(descriptor, mode) == 0 && Self.writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
        let error = errno
        close(descriptor)
        guard isWritten else {
            unlink(target)
            throw CallContextKeyError(.unwritable, "Cannot write \(target): \(Self.reason(error))")
        }
        if isReplacing && rename(target, path) != 0 {
            let error = errno
            unlink(target)
            throw CallContextKeyError(.unwritable, "Cannot replace \(path): \(Self.reason(error))")
        }
        return true
    }

    /// The rule for a private key is PostgreSQL's: nobody but the owner, except that a file which root owns may be readable by its group. A
    /// secret in Kubernetes cannot be given to another user in a better way.
    private func check(_ status: stat) throws(CallContextKeyError) {
        let permissions = status.st_mode & 0o777
        let octal = String(permissions, radix: 8)
        switch secrecy {
        case .secret:
            let forbidden: mode_t = status.st_uid == 0 && geteuid() != 0 ? 0o037 : 0o077
            guard permissions & forbidden == 0 else {
                throw CallContextKeyError(
                    .unsafePermissions, "The private key \(path) has the permissions \(octal): make it readable by its owner only (chmod 600)")
            }
            guard status.st_uid == geteuid() || status.st_uid == 0 else {
                throw CallContextKeyError(
                    .unsafePermissions, "The private key \(path) belongs to another user: it must belong to the one that this service runs as")
            }
        case .open:
            guard permissions & 0o022 == 0 else {
                throw CallContextKeyError(
                    .unsafePermissions, "The public key \(path) has the permissions \(octal): others must not be able to change it (chmod 644)")
            }
        }
    }

    private func contents(of descriptor: Int32) throws(CallContextKeyError) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= Self.maximumSize {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count == 0 { break }
            guard count > 0 else { throw CallContextKeyError(.unreadable, "Cannot read \(path): \(Self.reason(errno))") }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
