import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import Synchronization

/// The answer to `/status/systems`: made once for each state of health, not for each request.
final class SystemsPage: Sendable {
    private struct Rendered {
        let health: HealthSnapshot
        let body: ByteBuffer
    }

    private let descriptions: [(name: String, json: [String: JSONValue])]
    private let health: HealthBoard
    private let rendered = Mutex<Rendered?>(nil)

    init(clusters: [Cluster], health: HealthBoard) {
        descriptions = clusters.map { ($0.name, SystemDescription(cluster: $0).json) }
        self.health = health
    }

    func response() throws -> Response {
        let body = try currentBody()
        return Response(
            status: .ok, headers: [.contentType: "application/json", .contentLength: String(body.readableBytes)],
            body: ResponseBody(byteBuffer: body))
    }

    private func currentBody() throws -> ByteBuffer {
        let current = health.current
        if let body = rendered.withLock({ $0?.health.version == current.version ? $0?.body : nil }) { return body }
        let body = try render(current)
        rendered.withLock { $0 = Rendered(health: current, body: body) }
        return body
    }

    private struct Page: Encodable {
        let systems: [System]
    }

    /// A configuration with the health of its services in between.
    private struct System: Encodable {
        let description: [String: JSONValue]
        let health: SystemHealth?

        private enum Key: String, CodingKey {
            case servicesHealth
            case lastHealthCheck
        }

        func encode(to encoder: any Encoder) throws {
            try description.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(health?.services, forKey: .servicesHealth)
            try container.encode(health?.lastChecked.map(UTCTimestamp.text(of:)), forKey: .lastHealthCheck)
        }
    }

    private func render(_ snapshot: HealthSnapshot) throws -> ByteBuffer {
        let page = Page(systems: descriptions.map { System(description: $0.json, health: snapshot.systems[$0.name]) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(data: try encoder.encode(page))
    }
}
