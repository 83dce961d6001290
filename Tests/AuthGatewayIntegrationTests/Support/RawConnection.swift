import Glibc
import StackTesting

/// A TCP connection on which a test can send what no HTTP client would.
final class RawConnection: Sendable {
    private let descriptor: Int32

    /// - Parameter baseURL: Such as `http://127.0.0.1:8080`.
    init(to baseURL: String) throws {
        guard let port = baseURL.split(separator: ":").last.flatMap({ UInt16($0) }) else { throw Unexpected(description: "no port in \(baseURL)") }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            // deinit closes it.
            throw Unexpected(description: "cannot connect to \(baseURL): errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Ends the connection as a program does that is killed.
    func disconnect() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func send(_ text: String) async throws { _ = try await send(Array(text.utf8)) }

    /// Sends as much as the server takes until something is answered.
    ///
    /// - Returns: How many bytes were sent.
    @discardableResult
    func send(_ bytes: [UInt8], deadline: Duration = .seconds(30)) async throws -> Int {
        let end = ContinuousClock.now + deadline
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                sent += count
            } else if errno == EPIPE || errno == ECONNRESET || hasAnswer {
                break
            } else {
                guard ContinuousClock.now < end else { throw Unexpected(description: "the server took \(sent) bytes and no more") }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        return sent
    }

    /// Whether the server has sent something that was not read yet, or has closed.
    var hasAnswer: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) >= 0
    }

    struct Received: Sendable, CustomStringConvertible {
        var text: String
        /// Whether the server closed the connection.
        var isClosed: Bool

        var status: Int? { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        var body: Substring { text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? "" }
        var description: String { "\(text.prefix(600))\(isClosed ? " (closed)" : "")" }
    }

    /// Reads until the server closes, a whole answer with a `Content-Length` is there, or the time is up.
    func receive(deadline: Duration = .seconds(20), untilClosed: Bool = false) async throws -> Received {
        let end = ContinuousClock.now + deadline
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                bytes += buffer.prefix(count)
                if !untilClosed, Self.isComplete(bytes) { return Received(text: String(decoding: bytes, as: UTF8.self), isClosed: false) }
            } else if count == 0 || errno == ECONNRESET {
                return Received(text: String(decoding: bytes, as: UTF8.self), isClosed: true)
            } else {
                guard ContinuousClock.now < end else { return Received(text: String(decoding: bytes, as: UTF8.self), isClosed: false) }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private static func isComplete(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) }
        guard let length else { return false }
        return text[end.upperBound...].utf8.count >= length
    }
}
