import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import TransferService

@Suite("The coordinates of a streamer job")
struct StreamerCoordinatesTests {
    private struct Content: Decodable, Equatable {
        let ports: [Int]
        let ips: [String]
        let secret: String
    }

    /// Read as the client reads them: Python's decoder wants the padding.
    private func content(_ settings: Cluster.DataTransfer.Streamer, secret: String = "s") throws -> Content {
        let text = try StreamerCoordinates(settings: settings, secret: Secret(secret)).text
        #expect(text.utf8.count.isMultiple(of: 4))
        #expect(text.utf8.allSatisfy { !"+/ \n".utf8.contains($0) })
        let data = try #require(Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/")))
        return try JSONDecoder().decode(Content.self, from: data)
    }

    @Test("they have the first and last port, the public addresses and the secret")
    func publicAddresses() throws {
        let settings = Cluster.DataTransfer.Streamer(host: "10.0.0.1", portRange: 5665...5675, publicIPs: ["192.0.2.1", "192.0.2.2"])
        for length in 1...6 {
            let secret = String(repeating: "?", count: length)
            #expect(try content(settings, secret: secret) == Content(ports: [5665, 5675], ips: ["192.0.2.1", "192.0.2.2"], secret: secret))
        }
    }

    @Test("an IPv6 address has brackets, as the client puts it into a URL")
    func ipv6() throws {
        #expect(try content(.init(publicIPs: ["2001:db8::1", "[2001:db8::2]"])).ips == ["[2001:db8::1]", "[2001:db8::2]"])
    }

    @Test("without public addresses the jobs' own will do", arguments: [nil, []] as [[String]?])
    func ownAddress(publicIPs: [String]?) throws {
        #expect(try content(.init(host: "dtn.example.org", publicIPs: publicIPs)).ips == ["dtn.example.org"])
    }

    @Test("without any address the transfer is not possible, and the answer says what is missing", arguments: [nil, "0.0.0.0", "::"])
    func noAddress(host: String?) throws {
        let error = try #require(throws: APIError.self) { _ = try StreamerCoordinates(settings: .init(host: host), secret: Secret("hush")) }
        #expect(error.status == .notImplemented)
        #expect(error.message.contains("public_ips") && !error.message.contains("hush"))
    }

    @Test("each transfer has a secret of its own, of 256 bits")
    func secrets() {
        let secrets = Set((0..<100).map { _ in StreamerJob.makeSecret().revealed })
        #expect(secrets.count == 100)
        #expect(secrets.allSatisfy { $0.utf8.count == 43 })
    }
}
