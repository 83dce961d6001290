extension Array where Element: Sendable {
    /// What `body` makes of each element, in their order. Some are worked on at once, so that a request need not wait for the reply to the one before.
    func concurrentMap<Result: Sendable>(atMost limit: Int, _ body: @escaping @Sendable (Element) async throws -> Result) async throws -> [Result] {
        if count < 2 {
            var results: [Result] = []
            for element in self { results.append(try await body(element)) }
            return results
        }
        return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: count)
            for (index, element) in enumerated() {
                if index >= limit, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (index, try await body(element)) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.compactMap(\.self)
        }
    }
}
