import HTTPTypes
import StackTesting
import Testing

/// How the answers of two back ends to many requests compare.
struct Comparison: Sendable {
    private var unexplained: [AnswerPair] = []
    /// By the number of the ``Difference``: how often it was possible, and how often it showed.
    private var possible: [Int: Int] = [:]
    private var shown: [Int: Int] = [:]
    private var failures: [AnswerPair] = []

    /// - Parameter ask: Asks both.
    static func of(_ requests: [FileRequest], _ ask: @escaping @Sendable (FileRequest) async throws -> AnswerPair) async throws -> Comparison {
        try await withThrowingTaskGroup(of: AnswerPair.self) { group in
            var comparison = Comparison()
            for (index, request) in requests.enumerated() {
                if index >= requestsAtOnce, let pair = try await group.next() { comparison.add(pair) }
                group.addTask { try await ask(request) }
            }
            for try await pair in group { comparison.add(pair) }
            return comparison
        }
    }

    private static let requestsAtOnce = 4

    private mutating func add(_ pair: AnswerPair) {
        // The caller is wrong in all of these requests, or right.
        if pair.exec.status >= 500 || pair.sftp.status >= 500 { failures.append(pair) }
        let differences = Difference.all.enumerated().filter { $0.element.concerns(pair.request) }
        for (index, _) in differences { possible[index, default: 0] += 1 }
        if pair.areAlike { return }
        var aligned = pair
        for (index, difference) in differences {
            let before = aligned
            aligned.align(difference)
            if !before.agrees(with: aligned) { shown[index, default: 0] += 1 }
        }
        if !aligned.areAlike { unexplained.append(aligned) }
    }

    /// Tells the test of every disagreement that nothing explains, of every explanation that none needs, and of every failure.
    func report() {
        for pair in unexplained { Issue.record("answered differently: \(pair.disagreement)") }
        for pair in failures { Issue.record("a failure of the server: \(pair.request)\n  exec: \(pair.exec)\n  sftp: \(pair.sftp)") }
        for index in possible.keys.sorted() where shown[index] == nil {
            Issue.record("no difference any more: \(Difference.all[index].reason)")
        }
    }
}
