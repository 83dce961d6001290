import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes

/// Where the client of firecrest-streamer finds a job, and the secret between them. Whoever has them can read or write the file.
struct StreamerCoordinates: Sendable {
    /// Base64 with the URL-safe alphabet and padding (RFC 4648 section 5) of a JSON object, as the client's option `--coordinates` takes it.
    let text: String

    /// - Throws: ``APIError`` 501 if the configuration does not say at which addresses users reach the jobs.
    init(settings: Cluster.DataTransfer.Streamer, secret: Secret) throws {
        guard let addresses = Self.addresses(of: settings) else {
            throw APIError(
                .notImplemented,
                "Transfers by streamer need the addresses that jobs are reached at: the configuration's data_transfer has neither public_ips nor a host that is one")
        }
        let content = Content(
            ports: [settings.portRange.lowerBound, settings.portRange.upperBound], ips: addresses.map(Self.authority), secret: secret.revealed)
        let bytes = try JSONEncoder().encode(content)
        text = Base64URL.encode(bytes) + String(repeating: "=", count: (3 - bytes.count % 3) % 3)
    }

    private struct Content: Encodable {
        let ports: [Int]
        let ips: [String]
        let secret: String
    }

    /// The public addresses, or else the one that jobs listen on. Which machine a job will run on is not known yet, so there is no other.
    private static func addresses(of settings: Cluster.DataTransfer.Streamer) -> [String]? {
        if let addresses = settings.publicIPs, !addresses.isEmpty { return addresses }
        guard let host = settings.host, !["", "0.0.0.0", "::", "*"].contains(host) else { return nil }
        return [host]
    }

    /// The client makes `ws://<address>:<port>` of it, in which an IPv6 address has brackets (RFC 3986 section 3.2.2).
    private static func authority(_ address: String) -> String {
        address.contains(":") && !address.hasPrefix("[") ? "[\(address)]" : address
    }
}
