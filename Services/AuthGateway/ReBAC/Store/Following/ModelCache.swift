import Synchronization

/// Models that have been asked for lately, besides the newest ones. Models never change, so what is in it stays true.
final class ModelCache: Sendable {
    private struct Entry {
        let model: UsableModel
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var uses: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// - Parameter id: Of a model; ids are unique among all stores', but a model is found in its own store only.
    func model(_ id: String, in storeID: String) -> UsableModel? {
        let key = Self.key(id, storeID)
        return state.withLock { state in
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return state.entries[key]?.model
        }
    }

    func keep(_ model: UsableModel, in storeID: String) {
        state.withLock { state in
            state.uses += 1
            state.entries[Self.key(model.id, storeID)] = Entry(model: model, lastUse: state.uses)
            guard state.entries.count > capacity, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
            state.entries[oldest.key] = nil
        }
    }

    private static func key(_ id: String, _ storeID: String) -> String { "\(storeID)/\(id)" }
}
