import FoundationEssentials
public import GoldcrestHTTPClient
public import GoldcrestProtocol
import NIOCore
import Synchronization

/// One server-sent event (WHATWG HTML, section 9.2).
public struct ServerSentEvent: Sendable, Equatable {
    public var name = "message"
    public var id: String?
    public var data = ""

    /// A field of the data, which is a JSON object.
    public func field(_ name: String) -> JSONValue? {
        guard case .object(let fields)? = try? JSONDecoder().decode(JSONValue.self, from: Data(data.utf8)) else { return nil }
        return fields[name]
    }

    /// Those that are complete; comments are none.
    public static func all(in text: String) -> [ServerSentEvent] {
        var blocks = text.split(separator: "\n\n", omittingEmptySubsequences: false)
        blocks.removeLast()
        return blocks.compactMap { block in
            var event = ServerSentEvent()
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
                switch parts[0] {
                case "event": event.name = String(value)
                case "id": event.id = String(value)
                case "data": event.data = String(value)
                default: break
                }
            }
            return event.data.isEmpty ? nil : event
        }
    }
}

/// A client that reads events as long as it isn't cancelled.
public final class EventStream: Sendable {
    public let exchange: HTTPExchange
    private let text = Mutex("")
    private let isAtEnd = Mutex(false)

    public init(_ exchange: HTTPExchange) {
        self.exchange = exchange
    }

    public var events: [ServerSentEvent] { text.withLock { ServerSentEvent.all(in: $0) } }
    public var received: String { text.withLock { $0 } }
    public var hasEnded: Bool { isAtEnd.withLock { $0 } }

    public func read() async {
        defer { isAtEnd.withLock { $0 = true } }
        do {
            for try await bytes in exchange.body { text.withLock { $0 += String(buffer: bytes) } }
        } catch {}
    }
}
