import Foundation
import Glibc
import GoldcrestHTTPClient
import HTTPTypes
import NIOCore
import Testing

/// Against OpenSSL's own server with a certificate that signs itself.
struct TLSTests {
    @Test("a certificate nobody vouches for is refused")
    func selfSigned() async throws {
        try await TLSServer.run(name: "localhost") { server in
            try await withClient { client in
                let error = await #expect(throws: HTTPClientError.self) {
                    try await client.collect(HTTPClientRequest(url: server.url), upTo: 1 << 20, deadline: .seconds(10))
                }
                #expect(error?.code == .tls)
                #expect(error?.message.contains("certificate") == true)
            }
        }
    }

    @Test("a certificate of the configured authority is accepted, and its connection is used again")
    func trusted() async throws {
        try await TLSServer.run(name: "localhost") { server in
            try await withClient({ $0.certificateAuthorityFile = server.certificate }) { client in
                let response = try await client.collect(HTTPClientRequest(url: server.url), upTo: 1 << 20, deadline: .seconds(10))
                #expect(response.head.status == .ok)
                #expect(response.body.readableBytes > 0)
            }
        }
    }

    @Test("a trusted certificate of another name is refused")
    func otherName() async throws {
        try await TLSServer.run(name: "elsewhere.example") { server in
            try await withClient({ $0.certificateAuthorityFile = server.certificate }) { client in
                let code = await errorCode {
                    try await client.collect(HTTPClientRequest(url: server.url), upTo: 1 << 20, deadline: .seconds(10))
                }
                #expect(code == .tls)
            }
        }
    }
}

/// `openssl s_server` on a free port, with a certificate for one name.
private struct TLSServer {
    let url: String
    /// The path of the certificate.
    let certificate: String

    static func run<Result>(name: String, _ body: (TLSServer) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let making = try process(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:\(name)", "-keyout", key, "-out", certificate)
        let status = try await withCheckedThrowingContinuation { continuation in
            making.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try making.run()
            } catch {
                making.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        try #require(status == 0)

        let serving = try process("s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www")
        let output = Pipe()
        serving.standardOutput = output
        try serving.run()
        // A child inherits the signals that the threads of tasks block, SIGTERM among them.
        defer { kill(serving.processIdentifier, SIGKILL) }
        var text = ""
        var port: Int?
        for try await line in output.fileHandleForReading.lines(limit: 10) {
            text += line + "\n"
            guard line.hasPrefix("ACCEPT "), let number = line.split(separator: ":").last else { continue }
            port = Int(number)
            break
        }
        return try await body(TLSServer(url: "https://localhost:\(try #require(port, "\(text)"))/", certificate: certificate))
    }

    private static func process(_ arguments: String...) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        return process
    }
}

extension FileHandle {
    /// The first lines, read on a thread that may block.
    fileprivate func lines(limit: Int) -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                var rest = ""
                var count = 0
                while count < limit, let data = try? self.read(upToCount: 1), !data.isEmpty {
                    rest += String(decoding: data, as: UTF8.self)
                    guard rest.hasSuffix("\n") else { continue }
                    continuation.yield(String(rest.dropLast()))
                    rest = ""
                    count += 1
                }
                continuation.finish()
            }
        }
    }
}
