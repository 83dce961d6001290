import Foundation
import GoldcrestProtocol
import GoldcrestShell
import HTTPTypes
import NIOCore
import Testing

@testable import GoldcrestSSH

extension RealServerTests {
    @Suite("Logins on a real server")
    struct LoginTests {
        @Test(
            "keys of all types log in",
            arguments: [
                (["-t", "ecdsa", "-b", "256"], ""), (["-t", "ecdsa", "-b", "384", "-m", "PEM"], ""), (["-t", "ed25519"], "secret"),
                (["-t", "ecdsa", "-m", "PEM"], "secret"), (["-t", "rsa", "-b", "2048", "-m", "PEM"], ""), (["-t", "rsa", "-b", "3072", "-m", "PKCS8"], ""),
                (["-t", "rsa", "-b", "2048", "-m", "PEM"], "secret"), (["-t", "rsa", "-b", "2048"], ""),
            ])
        func keyTypes(options: [String], passphrase: String) async throws {
            let server = try SSHServer()
            try SSHServer.keygen(options + ["-f", server.folder.appending(path: "key").path], passphrase: passphrase)
            try server.write(server.read("key.pub"), to: "authorized_keys")
            let credential = SSHCredential(privateKey: try server.read("key"), passphrase: passphrase.isEmpty ? nil : passphrase)
            let pool = server.pool(credential: credential)
            #expect(try await pool.run(RemoteCommand("echo", "in"), as: .current, outputLimit: 100).standardOutput.text == "in\n")
            await pool.shutdown()
        }

        @Test("an ECDSA certificate logs in, though the key itself is not known")
        func certificate() async throws {
            let server = try SSHServer()
            let folder = server.folder.path
            try SSHServer.keygen(["-t", "ed25519", "-f", "\(folder)/ca"])
            try SSHServer.keygen(["-t", "ecdsa", "-f", "\(folder)/key"])
            try SSHServer.runKeygen(["-s", "\(folder)/ca", "-I", "test", "-n", SSHServer.userName, "\(folder)/key.pub"])
            try server.write("cert-authority " + server.read("ca.pub"), to: "authorized_keys")
            let credential = SSHCredential(privateKey: try server.read("key"), publicKey: try server.read("key-cert.pub"))
            let pool = server.pool(credential: credential)
            #expect(try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0).isSuccess)
            let bare = server.pool(credential: SSHCredential(privateKey: try server.read("key")))
            #expect(await errorCode { _ = try await bare.run(RemoteCommand("true"), as: .current, outputLimit: 0) } == .loginRefused)
            await pool.shutdown()
        }

        @Test("a certificate that this libssh2 cannot use is refused with the remedy", .enabled(if: !LibSSH2.signsRSAWithSHA2))
        func unsupportedCertificate() async throws {
            let server = try SSHServer()
            let folder = server.folder.path
            try SSHServer.keygen(["-t", "ed25519", "-f", "\(folder)/ca"])
            try SSHServer.runKeygen(["-s", "\(folder)/ca", "-I", "test", "-n", SSHServer.userName, "\(folder)/user.pub"])
            let pool = server.pool(credential: SSHCredential(privateKey: server.userKey, publicKey: try server.read("user-cert.pub")))
            let error = await #expect(throws: SSHError.self) { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) }
            #expect(error?.code == .unsupportedKey)
            #expect(error?.message.contains("1.11") == true)
        }

        @Test("a wrong key is a failed dependency")
        func wrongKey() async throws {
            let (server, other) = (try SSHServer(), try SSHServer())
            let pool = server.pool(credential: SSHCredential(privateKey: other.userKey))
            let error = await #expect(throws: SSHError.self) { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) }
            #expect(error?.code == .loginRefused)
            #expect(error?.apiError.status.code == 424)
            #expect(pool.connectionCount == 0)
        }

        @Test("a key that is none, and a wrong passphrase, are told apart from a refusal", arguments: ["nonsense", "passphrase"])
        func unreadableKey(kind: String) async throws {
            let server = try SSHServer()
            try SSHServer.keygen(["-t", "ecdsa", "-m", "PEM", "-f", server.folder.appending(path: "key").path], passphrase: "right")
            let credential = kind == "nonsense" ? SSHCredential(privateKey: "nonsense") : SSHCredential(privateKey: try server.read("key"), passphrase: "wrong")
            let pool = server.pool(credential: credential)
            #expect(await errorCode { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) } == .unsupportedKey)
        }

        @Test("a user without a key is forbidden")
        func unknownUser() async throws {
            let server = try SSHServer()
            let pool = server.pool()
            let user = SSHUser(name: "nobody-we-know", token: "")
            let error = await #expect(throws: SSHError.self) { _ = try await pool.run(RemoteCommand("true"), as: user, outputLimit: 0) }
            #expect(error?.apiError.status.code == 403)
            #expect(error?.message.contains("nobody-we-know") == true)
        }

        @Test("a server that is not there is a failed dependency")
        func nobodyThere() async throws {
            let pool: SSHPool
            do {
                let server = try SSHServer()
                pool = server.pool()
            }
            let error = await #expect(throws: SSHError.self) { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) }
            #expect(error?.code == .connectionFailed)
            #expect(error?.apiError.status.code == 424)
        }

        @Test("the first host key seen is kept, and another one refused")
        func changedHostKey() async throws {
            let server = try SSHServer()
            let pool = server.pool()
            _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0)
            try server.restartWithNewHostKey()
            #expect(try await eventually { pool.connectionCount == 0 })
            #expect(await errorCode { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) } == .hostKeyRejected)
        }

        @Test("a known_hosts file decides, with plain and hashed names", arguments: [false, true])
        func knownHosts(isHashed: Bool) async throws {
            let server = try SSHServer(options: ["HostKeyAlgorithms ssh-ed25519,ecdsa-sha2-nistp256"])
            let path = server.folder.appending(path: "known_hosts").path
            try server.write("[127.0.0.1]:\(server.port) \(server.read("host_ed25519.pub"))", to: "known_hosts")
            if isHashed { try SSHServer.runKeygen(["-H", "-f", path]) }
            let pool = server.pool(knownHosts: path)
            #expect(try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0).isSuccess)
            await pool.shutdown()
        }

        @Test("a host that is not in the known_hosts file, or is there with another key, is refused", arguments: ["", "other", "missing file"])
        func strangers(kind: String) async throws {
            let server = try SSHServer()
            let path = server.folder.appending(path: "known_hosts").path
            if kind != "missing file" {
                let line = try kind == "other" ? "[127.0.0.1]:\(server.port) \(server.read("user.pub"))" : ""
                try server.write(line, to: "known_hosts")
            }
            let pool = server.pool(knownHosts: path)
            #expect(await errorCode { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) } == .hostKeyRejected)
        }

        @Test("a proxy is jumped over, and left when the connection behind it ends")
        func proxy() async throws {
            let (server, proxy) = (try SSHServer(), try SSHServer())
            try proxy.write(server.read("authorized_keys"), to: "authorized_keys")
            let pool = server.pool(proxy: proxy)
            let path = "/dev/urandom"
            let result = try await pool.run(RemoteCommand("sh", "-c", "head -c 2000000 $0 | tee /dev/stderr | wc -c; cat", path), as: .current,
                input: .init(repeating: 65, count: 1_000_000), outputLimit: 2_000_000)
            #expect(result.standardOutput.readableBytes == 1_000_008)
            #expect(proxy.children.count == 1)
            #expect(server.children.count == 1)
            await pool.shutdown()
            #expect(try await eventually { proxy.children.isEmpty && server.children.isEmpty })
        }

        @Test("a proxy that cannot reach the server is not left open")
        func proxyWithoutServer() async throws {
            let proxy = try SSHServer(options: ["AllowTcpForwarding no"])
            let server = try SSHServer()
            try proxy.write(server.read("authorized_keys"), to: "authorized_keys")
            let pool = server.pool(proxy: proxy)
            #expect(await errorCode { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) } == .connectionFailed)
            #expect(try await eventually { proxy.children.isEmpty })
        }
    }
}
