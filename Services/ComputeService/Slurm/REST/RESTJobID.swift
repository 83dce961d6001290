/// A job's id in slurmrestd's fields; `text` is the id as Slurm's commands print it.
struct RESTJobID {
    /// The number of the job itself; tasks of an array have one each.
    var number: Int?
    /// The number of the array that the job is in; 0 for none.
    var array: Int?
    /// Which task of it the job is.
    var task: Int?
    /// The tasks that wait together.
    var waitingTasks: String?
    /// The number of the heterogeneous job that the job is a part of; 0 for none.
    var heterogeneous: Int?
    /// Which part of it the job is.
    var part: Int?

    var text: String? {
        guard let number, number > 0 else { return nil }
        if let array, array > 0 {
            if let task { return "\(array)_\(task)" }
            if let waitingTasks { return "\(array)_[\(Self.list(waitingTasks))]" }
        }
        if let heterogeneous, heterogeneous > 0, let part { return "\(heterogeneous)+\(part)" }
        return "\(number)"
    }

    /// The tasks as `squeue` lists them. Accounting in 0.0.38 gives them as a number, `0x1C`, in which each bit is a task.
    static func list(_ tasks: String) -> String {
        guard tasks.hasPrefix("0x") else { return tasks }
        var runs: [ClosedRange<Int>] = []
        for (index, digit) in tasks.utf8.dropFirst(2).reversed().enumerated() {
            guard let bits = Character(Unicode.Scalar(digit)).hexDigitValue else { return tasks }
            for bit in 0..<4 where bits & (1 << bit) != 0 {
                let task = index * 4 + bit
                if let last = runs.last, last.upperBound + 1 == task {
                    runs[runs.count - 1] = last.lowerBound...task
                } else {
                    runs.append(task...task)
                }
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}
