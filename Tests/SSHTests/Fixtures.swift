import Logging
import NIOCore

@testable import GoldcrestSSH

extension SSHUser {
    /// The one user that a server which runs as an ordinary user can let in.
    static let current = SSHUser(name: SSHServer.userName, token: "")
}

extension SSHServer {
    /// A pool for this server.
    func pool(
        credential: SSHCredential? = nil, knownHosts: String? = nil, proxy: SSHServer? = nil,
        configure: (inout SSHLimits) -> Void = { _ in }
    ) -> SSHPool {
        var limits = SSHLimits()
        // The machine may be busy; tests of time-outs set their own.
        limits.connectionTimeout = .seconds(20)
        limits.loginTimeout = .seconds(20)
        limits.commandTimeout = .seconds(20)
        configure(&limits)
        let credential = credential ?? SSHCredential(privateKey: userKey)
        return SSHPool(
            system: "test", endpoint: SSHEndpoint(host: "127.0.0.1", port: port, proxyHost: proxy.map { _ in "127.0.0.1" }, proxyPort: proxy?.port ?? 22),
            limits: limits, knownHosts: knownHosts, credentials: StaticKeys([Self.userName: credential]), logger: Logger(label: "test"))
    }
}

/// Waits until something is so, for at most ten seconds.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<2000 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return false
}

extension ByteBuffer {
    var text: String { String(buffer: self) }
}

/// The code of the error that `body` throws.
func errorCode(_ body: () async throws -> Void) async -> SSHError.Code? {
    do {
        try await body()
        return nil
    } catch let error as SSHError {
        return error.code
    } catch {
        return nil
    }
}
