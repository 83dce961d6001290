/// Tasks of a job array, as Slurm writes them behind the array's number: `4`, `[1-4,7,10-20:5%2]`.
struct ArrayTasks: Sendable, Hashable {
    private struct Run: Sendable, Hashable {
        let first: Int
        let last: Int
        let step: Int

        func contains(_ task: Int) -> Bool {
            task >= first && task <= last && (task - first) % step == 0
        }

        func overlaps(_ other: Run) -> Bool {
            let (few, many) = count <= other.count ? (self, other) : (other, self)
            return stride(from: few.first, through: few.last, by: few.step).contains { many.contains($0) }
        }

        private var count: Int { (last - first) / step }
    }

    /// The most tasks of a run; Slurm's own limit (`MaxArraySize`) is 4,000,001.
    private static let mostTasks = 4_000_001

    private let runs: [Run]

    /// What makes no sense is left out.
    init(_ text: some StringProtocol) {
        let list = text.prefix { $0 != "%" && $0 != "]" }.drop { $0 == "[" }
        runs = list.split(separator: ",").compactMap { part in
            let stepped = part.split(separator: ":")
            let bounds = stepped.first?.split(separator: "-").map { Int($0) } ?? []
            guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, bounds.count <= 2, stepped.count <= 2 else { return nil }
            let step = stepped.count == 2 ? Int(stepped[1]) ?? 0 : 1
            guard first >= 0, last >= first, last <= Self.mostTasks, step > 0 else { return nil }
            return Run(first: first, last: last, step: step)
        }
    }

    /// Whether a task is in both.
    func overlaps(_ other: ArrayTasks) -> Bool {
        runs.contains { run in other.runs.contains { run.overlaps($0) } }
    }
}
