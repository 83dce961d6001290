/// Asks for a value until there is one.
public func eventually<Value>(
    within limit: Duration = .seconds(30), _ what: String, isolation: isolated (any Actor)? = #isolation, _ value: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await value() { return value }
        guard ContinuousClock.now < deadline else { throw Unexpected(description: "not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(50))
    }
}

/// Waits until a condition holds.
public func eventually(
    within limit: Duration = .seconds(30), _ what: String, isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    _ = try await eventually(within: limit, what) { try await condition() ? true : nil }
}

extension Sequence where Self: Sendable, Element: Sendable {
    /// Does something for every element, a few at once.
    public func forEach(atOnce width: Int, _ body: @escaping @Sendable (Element) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, element) in enumerated() {
                if index >= width { try await group.next() }
                group.addTask { try await body(element) }
            }
            try await group.waitForAll()
        }
    }
}
