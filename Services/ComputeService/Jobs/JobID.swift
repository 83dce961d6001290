import GoldcrestProtocol
import HTTPTypes

/// The id of a job as schedulers print it: `123`, a task `123_4`, pending tasks `123_[5-9%2]`, a part of a heterogeneous job `123+1`; behind it may
/// stand a step, `.0` or `.batch`.
struct JobID: Sendable, Hashable {
    let text: String
    /// The number in front, which array tasks share with their array.
    let number: Substring
    /// The tasks of an array that are meant; `nil` for all of the job.
    let tasks: ArrayTasks?

    /// - Throws: ``APIError`` with status 404: what is no id names no job.
    init(_ text: String) throws {
        let form = #/([1-9][0-9]{0,9})(?:_([0-9]{1,10}|\[[0-9,:%-]+\])|\+[0-9]{1,10})?(?:\.(?:[0-9]{1,10}|batch|extern|interactive))?/#
        guard text.utf8.count <= Self.maximumLength, let match = text.wholeMatch(of: form), UInt32(match.1) != nil else {
            throw Self.notFound
        }
        self.text = text
        number = match.1
        tasks = match.2.map { ArrayTasks($0) }
    }

    /// Long enough for the pending tasks of a large array.
    private static let maximumLength = 4096

    /// The words by which clients recognise a missing job.
    static let notFound = APIError(.notFound, "Job not found")

    /// The id without a step.
    var whole: String { String(text.prefix { $0 != "." }) }

    /// Whether this names the job of that id: itself, a part of it, the array that it is a task of, or the waiting tasks that it is among.
    func matches(_ id: String) -> Bool {
        let other = id.utf8
        guard other.starts(with: number.utf8) else { return false }
        let rest = id[other.index(other.startIndex, offsetBy: number.utf8.count)...]
        if let first = rest.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return false }
        if whole.utf8.count == number.utf8.count || id == whole { return true }
        guard let tasks, rest.hasPrefix("_") else { return false }
        return tasks.overlaps(ArrayTasks(rest.dropFirst()))
    }
}
