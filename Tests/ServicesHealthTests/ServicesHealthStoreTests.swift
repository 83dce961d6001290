import FoundationEssentials
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServicesHealth
import PostgresTesting
import Testing

/// One suite for every implementation, so that the double cannot drift from the real thing.
@Suite("Services' health")
struct ServicesHealthStoreTests {
    enum Implementation: CaseIterable {
        case postgres, inMemory

        func withStore(_ body: (any ServicesHealthStore) async throws -> Void) async throws {
            switch self {
            case .inMemory:
                try await body(InMemoryServicesHealthStore())
            case .postgres:
                try await TestDatabase.withPool { pool async throws in
                    let store = PostgresServicesHealthStore(pool: pool)
                    try await store.migrate()
                    try await body(store)
                }
            }
        }
    }

    private let checked = Date(timeIntervalSince1970: 1_772_368_496.125)

    private var scheduler: ServiceHealth {
        ServiceHealth(serviceType: .scheduler, lastChecked: checked, latency: 0.25, healthy: true, nodes: .init(available: 3, total: 4))
    }

    private func fileSystem(_ path: String, healthy: Bool = true) -> ServiceHealth {
        ServiceHealth(
            serviceType: .filesystem, lastChecked: checked, latency: 0.5, healthy: healthy, message: healthy ? nil : "it's \"gone\"", path: path)
    }

    @Test("what was written is read, system by system", arguments: Implementation.allCases)
    func roundTrip(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            #expect(try await store.all().isEmpty)
            let beta = SystemHealth(system: "beta", services: [fileSystem("/home"), fileSystem("/scratch", healthy: false), scheduler])
            let alpha = SystemHealth(system: "alpha", services: [ServiceHealth(serviceType: .exception, message: "no")])
            try await store.replace(beta)
            try await store.replace(alpha)
            #expect(try await store.all() == [alpha, beta])
            #expect(try await store.all().last?.lastChecked == checked)
        }
    }

    @Test("what a check no longer covers disappears, other systems stay", arguments: Implementation.allCases)
    func replacement(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            let other = SystemHealth(system: "other", services: [scheduler])
            try await store.replace(other)
            try await store.replace(SystemHealth(system: "mine", services: [fileSystem("/home"), fileSystem("/old"), scheduler]))
            let now = SystemHealth(system: "mine", services: [fileSystem("/home", healthy: false)])
            try await store.replace(now)
            #expect(try await store.all() == [now, other])
            try await store.replace(SystemHealth(system: "mine", services: []))
            #expect(try await store.all() == [other])
        }
    }

    @Test("a reader is told which system changed, after having been told to read everything", .timeLimit(.minutes(1)), arguments: Implementation.allCases)
    func changes(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            var changes = store.changes().makeAsyncIterator()
            #expect(await changes.next() == .missedSome)
            // Other tests notify the same channel of the server.
            let system = "watched-\(UUID())"
            try await store.replace(SystemHealth(system: system, services: [scheduler]))
            while let change = await changes.next(), change != .changed(system: system) {}
            #expect(try await store.all().map(\.system) == [system], "the rows are there when the news is")
        }
    }

    @Test("several checkers of one system leave one's result, not a mixture")
    func concurrentWriters() async throws {
        try await TestDatabase.withPool { pool async throws in
            let store = PostgresServicesHealthStore(pool: pool)
            try await store.migrate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    let paths = number.isMultiple(of: 2) ? ["/a", "/b"] : ["/b", "/c"]
                    let health = SystemHealth(system: "busy", services: paths.reversed().map { fileSystem($0) })
                    group.addTask { try await store.replace(health) }
                }
                try await group.waitForAll()
            }
            let paths = try await store.all().first?.services.compactMap(\.path)
            #expect(paths == ["/a", "/b"] || paths == ["/b", "/c"])
        }
    }

    @Test("a message with NUL does not keep the result from being stored")
    func nul() async throws {
        try await TestDatabase.withPool { pool async throws in
            let store = PostgresServicesHealthStore(pool: pool)
            try await store.migrate()
            try await store.replace(SystemHealth(system: "odd", services: [ServiceHealth(serviceType: .ssh, message: "a\0b")]))
            #expect(try await store.all().first?.services.first?.message == "ab")
        }
    }
}
