/// Whether the user asked about has a relation to an object.
struct Question: Hashable {
    /// The index's number of its name.
    let object: TupleIndex.ID
    /// The model's number, which also tells the type of the object.
    let relation: Int
}

/// What an evaluation has found out so far, and which questions are in progress one within the other.
///
/// A question that comes up again while it is in progress is taken for a no: a circle is no way to a yes. Where `or` and `and` alone matter that
/// gives the right answer to the question that was asked first, since a yes that needs itself on the way has a shorter way without. But what was
/// found out on the way rests on the premise that the question in progress is a no, and may be kept only as long as it is:
/// - If the question turns out a yes, all that was found on premises meanwhile is forgotten.
/// - If it turns out a no that rests on nothing further out, the noes within the circle justify each other: nothing in it leads to a yes. They stay.
/// - If it fails, what took it for a no fails, too.
///
/// A yes never rests on a premise: a subtracted no must be a firm one to count. What would subtract a question in progress from itself is a
/// paradox, and stays a no whatever it is subtracted from, as in OpenFGA. If the question turns out a no for other reasons, the paradox was none,
/// and is forgotten.
///
/// Each forgetting comes with a question that is answered for good, so the work is at most the square of what there is to look at, and mostly in
/// proportion to it.
struct FindingMemory {
    private enum Entry {
        /// With its place among those in progress.
        case inProgress(Int)
        /// With the depth at which it was found.
        case found(Finding, depth: Int)
    }

    private var entries: [Question: Entry] = [:]
    private var inProgress: [(question: Question, provisional: Int)] = []
    /// Those whose findings rest on a premise, in the order in which they were found.
    private var provisional: [Question] = []

    enum Memory {
        case finding(Finding)
        /// It has been evaluated, and from here that takes more steps than are left.
        case tooDeep
    }

    /// What is known about a question.
    ///
    /// A failure may come from the depth at which it was found, so it says nothing about lesser ones.
    func recall(_ question: Question, depth: Int, limit: Int) -> Memory? {
        switch entries[question] {
        case nil: return nil
        case .inProgress(let place): return .finding(Finding(verdict: .no, premise: place))
        case .found(let finding, let foundDepth):
            switch finding.verdict {
            case .yes: return .finding(finding)
            case .no: return depth + finding.height < limit ? .finding(finding) : .tooDeep
            case .failed: return depth >= foundDepth ? .finding(finding) : nil
            }
        }
    }

    mutating func begin(_ question: Question) {
        entries[question] = .inProgress(inProgress.count)
        inProgress.append((question, provisional.count))
    }

    /// Keeps what was found about the question that was begun last.
    ///
    /// - Returns: The finding, freed from the premise that the question itself is a no.
    mutating func end(_ question: Question, _ finding: Finding, depth: Int) -> Finding {
        var finding = finding
        guard let (_, start) = inProgress.popLast() else { return finding }
        settle(from: start, with: finding, isHead: finding.premise >= inProgress.count)
        if finding.premise >= inProgress.count { finding.premise = Int.max }
        if finding.verdict == .yes { finding = .yes }
        entries[question] = .found(finding, depth: depth)
        if finding.premise != Int.max { provisional.append(question) }
        return finding
    }

    /// Decides about what was found on premises while a question was in progress that has now been answered.
    private mutating func settle(from start: Int, with finding: Finding, isHead: Bool) {
        guard provisional.count > start else { return }
        var remaining: [Question] = []
        defer { if finding.verdict == .yes || isHead { provisional.replaceSubrange(start..., with: remaining) } }
        for question in provisional[start...] {
            guard case .found(var kept, let depth)? = entries[question] else { continue }
            switch finding.verdict {
            case .yes:
                entries[question] = nil
                continue
            case .no:
                if finding.isParadox { kept.isParadox = true }
                if isHead, !finding.isParadox, kept.isParadox {
                    entries[question] = nil
                    continue
                }
            case .failed:
                if kept.verdict == .no { kept.verdict = finding.verdict }
            }
            if isHead {
                // What also rests on a question further out goes on doing so, though the answer here did not need it.
                if kept.premise >= inProgress.count { kept.premise = Int.max } else { remaining.append(question) }
            }
            entries[question] = .found(kept, depth: depth)
        }
    }
}
