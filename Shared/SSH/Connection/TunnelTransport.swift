import NIOCore

/// A TCP connection that a proxy makes for us: the byte stream below the SSH connection to the host behind it.
///
/// Both connections live on the same event loop, and the proxy's ends with the inner one.
final class TunnelTransport: SSHTransport {
    private let proxy: SSHConnection

    init(through proxy: SSHConnection) {
        self.proxy = proxy
    }

    var isWritable: Bool { proxy.assumeIsolated { $0.isTunnelWritable } }

    func send(_ bytes: ByteBuffer) {
        proxy.assumeIsolated { $0.sendThroughTunnel(bytes) }
    }

    func close() {
        // Later: what the inner connection sends last goes first, and the proxy may be the one who is just closing it.
        proxy.eventLoop.execute { [proxy] in proxy.assumeIsolated { $0.close() } }
    }
}

/// The proxy's side of a tunnel.
struct Tunnel {
    static let highWaterMark = 256 * 1024

    let channel: ChannelID
    let inner: SSHConnection
    /// What the server has had no room for yet.
    var unsent = ByteBuffer()
}

extension SSHConnection {
    /// Has the server connect to `host` and runs `inner` over that.
    func startTunnel(to host: String, port: Int, for inner: SSHConnection, until deadline: NIODeadline) async throws {
        let channel = try await openChannel(until: deadline) { try $0.openTunnel(host: host, port: port) }
        tunnel = Tunnel(channel: channel, inner: inner)
    }

    var isTunnelWritable: Bool {
        guard isOpen, let tunnel else { return false }
        return tunnel.unsent.readableBytes < Tunnel.highWaterMark
    }

    func sendThroughTunnel(_ bytes: ByteBuffer) {
        guard isOpen else { return }
        tunnel?.unsent.writeImmutableBuffer(bytes)
        writeTunnel()
        flush()
    }

    /// Moves what has arrived in both directions.
    func advanceTunnel() {
        guard let tunnel, let channel = channels[tunnel.channel] else { return }
        let wasWritable = isTunnelWritable
        writeTunnel()
        let hasNewRoom = !wasWritable && isTunnelWritable
        let inner = tunnel.inner
        var bytes = ByteBuffer()
        do {
            while case .bytes(let count) = try channel.read(.output, into: session.scratch) {
                bytes.writeBytes(session.scratch[..<count])
            }
        } catch {
            noteBreak(error)
        }
        if bytes.readableBytes > 0 || hasNewRoom {
            inner.assumeIsolated { [bytes] connection in
                if bytes.readableBytes > 0 { connection.receive(bytes) }
                connection.advance()
            }
        }
        if channel.isAtEnd {
            inner.assumeIsolated { $0.transportClosed("The proxy reports the end of the connection") }
        }
    }

    private func writeTunnel() {
        guard let id = tunnel?.channel, let channel = channels[id] else { return }
        do {
            while let unsent = tunnel?.unsent, unsent.readableBytes > 0 {
                guard case .finished(let count) = try unsent.withUnsafeReadableBytes({ try channel.write($0) }) else { return }
                tunnel?.unsent.moveReaderIndex(forwardBy: count)
            }
            tunnel?.unsent.clear(minimumCapacity: 0)
        } catch {
            noteBreak(error)
        }
    }

    func endTunnel(_ error: SSHError) {
        guard let inner = tunnel?.inner else { return }
        tunnel = nil
        inner.assumeIsolated { $0.transportClosed(error.description) }
    }
}
