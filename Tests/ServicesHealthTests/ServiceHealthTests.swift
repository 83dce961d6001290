import Foundation
import GoldcrestProtocol
import Testing

@Suite("The health of a service on the wire")
struct ServiceHealthTests {
    private func json(_ health: ServiceHealth) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(health), as: UTF8.self)
    }

    @Test("a file system shows its path and the time in UTC with a Z")
    func fileSystem() throws {
        let health = ServiceHealth(
            serviceType: .filesystem, lastChecked: Date(timeIntervalSince1970: 1_772_368_496.789), latency: 0.5, healthy: true, path: "/home")
        #expect(
            try json(health)
                == #"{"healthy":true,"lastChecked":"2026-03-01T12:34:56.789Z","latency":0.5,"message":null,"path":"/home","serviceType":"filesystem"}"#)
    }

    @Test("a scheduler shows its nodes, absent values are null and nothing shows a path that has none")
    func scheduler() throws {
        let health = ServiceHealth(serviceType: .scheduler, lastChecked: nil, message: "down", nodes: .init(available: 3, total: 4))
        #expect(
            try json(health)
                == #"{"healthy":false,"lastChecked":null,"latency":null,"message":"down","nodes":{"available":3,"total":4},"serviceType":"scheduler"}"#)
        #expect(try json(ServiceHealth(serviceType: .ssh)) == #"{"healthy":false,"lastChecked":null,"latency":null,"message":null,"serviceType":"ssh"}"#)
    }

    @Test("what was written is read", arguments: BackendServiceType.allCases)
    func roundTrip(_ type: BackendServiceType) throws {
        let health = ServiceHealth(serviceType: type, lastChecked: Date(timeIntervalSince1970: 1_772_368_496), latency: 1, healthy: true)
        #expect(try JSONDecoder().decode(ServiceHealth.self, from: JSONEncoder().encode(health)) == health)
    }

    @Test("times are whole to the millisecond", arguments: [0, 0.001, 0.999, 1_772_368_496.124, 1_772_368_496.9996, 4_102_444_799.5])
    func times(_ seconds: Double) throws {
        let text = UTCTimestamp.text(of: Date(timeIntervalSince1970: seconds))
        let date = try #require(UTCTimestamp.date(from: text), "\(text)")
        #expect(abs(date.timeIntervalSince1970 - (seconds * 1000).rounded() / 1000) < 0.0001, "\(text)")
    }
}
