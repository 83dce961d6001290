import Dispatch
import Glibc
import Synchronization

/// Speaks as much of PostgreSQL's protocol as a connection needs. On its first connection it says, together with the answer to the second
/// command, that it ends the connection, and then neither closes it nor says anything more, as a server process does for a moment while it exits.
final class LastWordsServer: Sendable {
    private let listener: Int32
    let port: Int
    private let accepted = Mutex<[Int32]>([])

    var connectionCount: Int { accepted.withLock { $0.count } }

    struct Failure: Error {}

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 4) == 0 ? getsockname(listener, generic, &length) : -1
            }
        }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        guard status == 0 else { throw Failure() }
    }

    /// Takes connections until ``stop()``.
    func start() {
        DispatchQueue(label: "last words").async { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                let isFirst = accepted.withLock { accepted in
                    accepted.append(connection)
                    return accepted.count == 1
                }
                DispatchQueue(label: "last words \(connection)").async { self.serve(connection, untilSecondCommand: isFirst) }
            }
        }
    }

    func stop() {
        for descriptor in [listener] + accepted.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func serve(_ connection: Int32, untilSecondCommand: Bool) {
        guard let length = read(4, from: connection), read(Self.number(length) - 4, from: connection) != nil else { return }
        write([Self.message("R", [0, 0, 0, 0]), Self.ready], to: connection)
        var commands = 0
        while let head = read(5, from: connection), read(Self.number(head.dropFirst()) - 4, from: connection) != nil {
            guard head.first == UInt8(ascii: "S") else { continue }
            commands += 1
            let end = untilSecondCommand && commands == 2
            let answer = [Self.message("1"), Self.message("2"), Self.message("n"), Self.message("C", "SELECT 0\0".utf8), Self.ready]
            write(answer + (end ? [Self.message("E", "SFATAL\0VFATAL\0C57P01\0Mgoing\0\0".utf8)] : []), to: connection)
            if end { return }
        }
    }

    private static let ready = message("Z", "I".utf8)

    private static func message(_ type: Unicode.Scalar, _ content: some Collection<UInt8> = [UInt8]()) -> [UInt8] {
        let length = UInt32(content.count + 4)
        return [UInt8(ascii: type)] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + content
    }

    private static func number(_ bytes: some Collection<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func read(_ count: Int, from connection: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        guard count == 0 || recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count else { return nil }
        return bytes
    }

    private func write(_ messages: [[UInt8]], to connection: Int32) {
        let bytes = Array(messages.joined())
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    deinit {
        for descriptor in [listener] + accepted.withLock({ $0 }) { close(descriptor) }
    }
}
