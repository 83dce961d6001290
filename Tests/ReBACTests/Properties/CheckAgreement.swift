import ReBAC

/// Whether checks answer as the naive evaluator does.
struct CheckAgreement {
    let sample: Sample
    let evaluator: Evaluator
    let answers: [UserReference: BruteForce.Answers]

    /// What is wrong, if anything is.
    var disagreement: String? {
        for question in sample.questions {
            guard let answers = answers[question.user], let disagreement = disagreement(about: question, answers) else { continue }
            return disagreement
        }
        return nil
    }

    private func disagreement(about question: Sample.Question, _ answers: BruteForce.Answers) -> String? {
        let right = answers[question.statement]
        do throws(EvaluationFailure) {
            let isAllowed = try evaluator.check(question.key, contextualTuples: sample.contextualTuples, context: sample.context, limits: .generous)
            let agrees = isAllowed == (right == .yes) && right != .undecided
            // What may be refused may also be answered; but then rightly.
            return agrees || !isAllowed && answers.mayBeRefused(question.statement) ? nil : "\(question.key) is \(right), not \(isAllowed)"
        } catch .undecidedCondition where right == .undecided || answers.mayBeRefused(question.statement) {
            return nil
        } catch {
            return "\(question.key) is \(right), not \(error)"
        }
    }
}
