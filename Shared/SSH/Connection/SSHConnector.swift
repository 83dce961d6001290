import Logging
import NIOCore
import NIOPosix

/// Makes logged-in connections to one system.
struct SSHConnector: Sendable {
    let endpoint: SSHEndpoint
    let limits: SSHLimits
    let hostKeys: HostKeyPolicy
    let logger: Logger

    /// Connects and logs in, over the proxy if there is one.
    ///
    /// - Parameter onClose: Called once when the connection has ended, whoever ended it; not if this function throws.
    func connect(as user: String, with credential: SSHCredential, on eventLoop: any EventLoop, onClose: @escaping @Sendable () -> Void) async throws -> SSHConnection {
        for pause in Self.pauses {
            do {
                return try await connectOnce(as: user, with: credential, on: eventLoop, onClose: onClose)
            } catch is TurnedAway {
                try await Task.sleep(for: pause * Double.random(in: 0.5...1.5))
            }
        }
        do {
            return try await connectOnce(as: user, with: credential, on: eventLoop, onClose: onClose)
        } catch let error as TurnedAway {
            throw error.cause
        }
    }

    /// How long to wait before coming again to a server that turned us away: a busy sshd does so (sshd_config(5), `MaxStartups`).
    private static let pauses: [Duration] = [.milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)]

    private func connectOnce(
        as user: String, with credential: SSHCredential, on eventLoop: any EventLoop, onClose: @escaping @Sendable () -> Void
    ) async throws -> SSHConnection {
        let connection: SSHConnection
        if let proxyAddress = endpoint.proxyAddress {
            connection = try await connectThroughProxy(proxyAddress, as: user, with: credential, on: eventLoop)
        } else {
            connection = try await dial(endpoint.address, on: eventLoop)
            try await establish(connection, to: endpoint.address, as: user, with: credential)
        }
        await connection.keepAlive(every: TimeAmount(limits.keepAlive))
        try await connection.onClose(onClose)
        return connection
    }

    private func connectThroughProxy(
        _ proxyAddress: HostAddress, as user: String, with credential: SSHCredential, on eventLoop: any EventLoop
    ) async throws -> SSHConnection {
        let proxy = try await dial(proxyAddress, on: eventLoop)
        try await establish(proxy, to: proxyAddress, as: user, with: credential)
        do {
            let inner = try SSHConnection(name: "\(endpoint.address)", on: eventLoop, logger: logger)
            try await openTunnel(through: proxy, for: inner)
            await inner.start(over: proxy)
            try await establish(inner, to: endpoint.address, as: user, with: credential)
            return inner
        } catch {
            await proxy.close()
            throw error
        }
    }

    private func openTunnel(through proxy: SSHConnection, for inner: SSHConnection) async throws {
        do {
            try await proxy.startTunnel(
                to: endpoint.host, port: endpoint.port, for: inner, until: .now() + TimeAmount(limits.connectionTimeout))
        } catch let error as SSHError where error.code == .timedOut {
            throw SSHError(.connectionTimedOut, "The proxy \(proxy.name) did not reach \(endpoint.address) in time.")
        } catch let error as SSHError {
            throw SSHError(.connectionFailed, "The proxy \(proxy.name) cannot reach \(endpoint.address).", causes: error.causes)
        }
    }

    private func dial(_ address: HostAddress, on eventLoop: any EventLoop) async throws -> SSHConnection {
        let connection = try SSHConnection(name: "\(address)", on: eventLoop, logger: logger)
        do {
            let channel = try await ClientBootstrap(group: eventLoop)
                .connectTimeout(TimeAmount(limits.connectionTimeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(SocketInboundHandler(connection))
                    }
                }
                .connect(host: address.host, port: address.port)
                .get()
            await connection.start(over: channel)
            return connection
        } catch let error as ChannelError {
            if case .connectTimeout = error {
                throw SSHError(.connectionTimedOut, "\(address) did not answer within \(limits.connectionTimeout).")
            }
            throw SSHError(.connectionFailed, "\(address) cannot be reached by SSH.", causes: ["\(error)"])
        } catch {
            throw SSHError(.connectionFailed, "\(address) cannot be reached by SSH.", causes: [Self.reason(of: error)])
        }
    }

    /// Shakes hands and logs in; closes the connection if either fails.
    private func establish(_ connection: SSHConnection, to address: HostAddress, as user: String, with credential: SSHCredential) async throws {
        do {
            try await connection.handshake(trusting: hostKeys, at: address, until: .now() + TimeAmount(limits.connectionTimeout))
            try await connection.logIn(as: user, with: credential, until: .now() + TimeAmount(limits.loginTimeout))
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func reason(of error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let failure = error.connectionErrors.first { return "\(failure.error)" }
        if let failure = error.dnsAError ?? error.dnsAAAAError { return "\(failure)" }
        return "\(error)"
    }
}

extension SSHConnection {
    func start(over channel: any Channel) {
        start(over: SocketTransport(channel))
    }

    func start(over proxy: SSHConnection) {
        start(over: TunnelTransport(through: proxy))
    }
}
