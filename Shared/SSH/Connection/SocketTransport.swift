import Glibc
import NIOCore
import NIOPosix

/// A TCP connection below an SSH connection.
final class SocketTransport: SSHTransport {
    private let channel: any Channel

    init(_ channel: any Channel) {
        self.channel = channel
    }

    var isWritable: Bool { channel.isWritable }

    func send(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    func close() {
        channel.close(promise: nil)
    }
}

/// Hands what a socket reports to the SSH connection above it.
final class SocketInboundHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: SSHConnection

    init(_ connection: SSHConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        connection.assumeIsolated { $0.receive(bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        connection.assumeIsolated { $0.advance() }
        acknowledge(context.channel)
    }

    /// Acknowledges what was read at once, tcp(7). The kernel would wait up to 40 ms for something to send with it, and so long sshd, which leaves
    /// Nagle's algorithm on, holds back its next small packet, such as the end of a listing or a command's exit status.
    private func acknowledge(_ channel: any Channel) {
        try? channel.syncOptions?.setOption(.tcpOption(.init(rawValue: TCP_QUICKACK)), value: 1)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        connection.assumeIsolated { $0.advance() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let reason = "\(error)"
        connection.assumeIsolated { $0.transportClosed(reason) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.assumeIsolated { $0.transportClosed("The server closed the connection") }
    }
}
