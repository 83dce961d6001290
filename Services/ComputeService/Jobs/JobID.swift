import GoldcrestProtocol
import HTTPTypes

/// The id of a job as schedulers print it.
///
/// Slurm: `123`, a task `123_4`, pending tasks `123_[5-9%2]`, a part of a heterogeneous job `123+1`; behind it may stand a step, `.0` or `.batch`.
/// OpenPBS: `123`, an array `123[]`, a subjob `123[4]`, some of them `123[5-9]`; behind it may stand the server, `.pbs01`.
struct JobID: Sendable, Hashable {
    let text: String
    /// The number in front, which array tasks share with their array.
    let number: Substring
    /// The tasks of an array that are meant; `nil` for all of the job.
    let tasks: ArrayTasks?

    /// - Throws: ``APIError`` with status 404: what is no id names no job.
    init(_ text: String) throws {
        let form = #/(0|[1-9][0-9]{0,9})(?:_([0-9]{1,10}|\[[0-9,:%-]+\])|\+[0-9]{1,10}|(\[[0-9,:-]*\]))?(?:\.([A-Za-z0-9][A-Za-z0-9._-]{0,254}))?/#
        guard text.utf8.count <= Self.maximumLength, let match = text.wholeMatch(of: form), UInt32(match.1) != nil,
            match.1 != "0" || Self.isOfOpenPBS(brackets: match.3, suffix: match.4)
        else { throw Self.notFound }
        self.text = text
        number = match.1
        tasks = (match.2 ?? match.3).flatMap { $0 == "[]" ? nil : ArrayTasks($0) }
    }

    /// Whether an id is surely none of Slurm's, which has no job 0; OpenPBS begins with it.
    private static func isOfOpenPBS(brackets: Substring?, suffix: Substring?) -> Bool {
        guard brackets == nil else { return true }
        return suffix.map { $0.wholeMatch(of: #/[0-9]+|batch|extern|interactive/#) == nil } ?? false
    }

    /// Long enough for the pending tasks of a large array.
    private static let maximumLength = 4096

    /// The words by which clients recognise a missing job.
    static let notFound = APIError(.notFound, "Job not found")

    /// The id without a step or a server.
    var whole: String { String(text.prefix { $0 != "." }) }

    /// Whether this names the job of that id: itself, a part of it, the array that it is a task of, or the waiting tasks that it is among.
    func matches(_ id: String) -> Bool {
        let other = id.utf8
        guard other.starts(with: number.utf8) else { return false }
        let rest = id[other.index(other.startIndex, offsetBy: number.utf8.count)...].prefix { $0 != "." }
        if let first = rest.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return false }
        let part = whole.utf8.dropFirst(number.utf8.count)
        if part.isEmpty || part.elementsEqual(rest.utf8) { return true }
        guard let separator = part.first, separator != UInt8(ascii: "+"), rest.utf8.first == separator else { return false }
        guard let tasks else { return true }
        return tasks.overlaps(ArrayTasks(rest.drop { $0 == "_" }))
    }
}
