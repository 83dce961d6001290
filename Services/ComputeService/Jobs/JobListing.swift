import GoldcrestProtocol

/// What a client wants listed: the jobs of a query, of these those in some states, and of these a page.
struct JobListing: Sendable, Hashable {
    var query = JobQuery()
    /// Base states in upper case; empty for all.
    var states: Set<String> = []
    /// How many jobs are left out in front.
    var offset = 0
    /// The most jobs that are listed; `nil` for no limit.
    var limit: Int?

    /// - Parameter jobs: Those that the query found.
    func answer(from jobs: [JobModel]) -> JobsAnswer {
        let selected = states.isEmpty ? jobs : jobs.filter { states.contains($0.status.state) }
        guard offset > 0 || limit != nil else { return JobsAnswer(jobs: selected, total: selected.count) }
        // Pages need an order that stays; that of a scheduler changes as jobs start and end.
        let page = selected.map { (order: JobOrder($0.jobId), job: $0) }
            .sorted { $0.order < $1.order }
            .dropFirst(offset).prefix(limit ?? .max)
            .map(\.job)
        return JobsAnswer(jobs: page, total: selected.count)
    }
}

/// The order of ids: by their numbers from left to right, so that `9` comes before `10_2`, and that before `10_11`.
private struct JobOrder: Comparable {
    private let numbers: [UInt64]
    private let text: String

    init(_ id: String) {
        numbers = id.split { !("0"..."9").contains($0) }.map { UInt64($0) ?? .max }
        text = id
    }

    static func < (left: JobOrder, right: JobOrder) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        return left.text < right.text
    }
}
