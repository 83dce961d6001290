/// What an evaluation found out about a question: whether a user has a relation to an object.
struct Finding: Sendable {
    enum Verdict: Sendable, Hashable {
        case yes
        case no
        /// It cannot be told; with the place of the reason among the failures of the evaluation.
        case failed(Int)
    }

    var verdict: Verdict
    /// Of the questions in progress that were taken for a no because they came up again, the place of the outermost. `Int.max`: there are none.
    var premise = Int.max
    /// Whether the verdict is a no only because the question hangs on its own negation, so that neither a yes nor a no can be justified.
    var isParadox = false
    /// How many steps from object to object the evaluation took at most.
    var height = 0

    static let yes = Finding(verdict: .yes)
    static let no = Finding(verdict: .no)

    /// Whether it is a no whatever comes of the questions in progress.
    var isFirmNo: Bool { verdict == .no && premise == Int.max && !isParadox }

    /// This one together with what else was found where any yes makes a yes.
    func or(_ other: Finding) -> Finding {
        if verdict == .yes { return self }
        if other.verdict == .yes { return other }
        return Finding(
            verdict: verdict == .no ? other.verdict : verdict, premise: min(premise, other.premise),
            isParadox: isParadox || other.isParadox, height: max(height, other.height))
    }

    /// The same, seen from one step further off.
    var oneStepOff: Finding {
        var finding = self
        finding.height += 1
        return finding
    }
}
