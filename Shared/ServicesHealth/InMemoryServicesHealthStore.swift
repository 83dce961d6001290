public import GoldcrestProtocol
import Synchronization

/// A store for tests; it forgets everything with the process.
public final class InMemoryServicesHealthStore: ServicesHealthStore {
    private struct State {
        var systems: [String: SystemHealth] = [:]
        var readers: [Int: AsyncStream<ServicesHealthChange>.Continuation] = [:]
        var nextReader = 0
    }

    private let state = Mutex(State())

    public init() {}

    public func replace(_ health: SystemHealth) async throws {
        let readers = state.withLock { state in
            var ordered = health
            ordered.services.sort { ($0.serviceType.rawValue, $0.path ?? "") < ($1.serviceType.rawValue, $1.path ?? "") }
            state.systems[health.system] = health.services.isEmpty ? nil : ordered
            return Array(state.readers.values)
        }
        for reader in readers { reader.yield(.changed(system: health.system)) }
    }

    public func all() async throws -> [SystemHealth] {
        state.withLock { $0.systems.values.sorted { $0.system < $1.system } }
    }

    public func changes() -> AsyncStream<ServicesHealthChange> {
        let (stream, continuation) = AsyncStream<ServicesHealthChange>.makeStream(bufferingPolicy: .bufferingNewest(256))
        let id = state.withLock { state in
            state.nextReader += 1
            state.readers[state.nextReader] = continuation
            return state.nextReader
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.readers.removeValue(forKey: id) }
        }
        continuation.yield(.missedSome)
        return stream
    }
}
