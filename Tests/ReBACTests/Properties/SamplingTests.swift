import ReBAC
import Testing

@Suite("Random samples")
struct SamplingTests {
    @Test("are sound models with everything in them, and seldom have questions without one answer")
    func kinds() {
        var kinds: [String: Int] = [:]
        var asked = 0
        func count(_ kind: String, _ isSo: Bool = true) { kinds[kind, default: 0] += isSo ? 1 : 0 }
        for seed in 0..<500 {
            let sample = RandomSample.make(seed: UInt64(seed))
            let oracle = BruteForce(sample)
            count("unsound", sample.model.relationsWithEntrypoint.count != sample.model.allRelations.count)
            count("misfit", sample.tuples.contains { !sample.model.allows($0) })
            count("contextual", !sample.contextualTuples.isEmpty)
            for user in sample.users {
                let answers = oracle.answers(for: user)
                for question in sample.questions where question.user == user {
                    asked += 1
                    count("\(answers[question.statement])")
                    count("refused", answers.mayBeRefused(question.statement))
                }
            }
        }
        #expect(kinds["unsound"] == 0)
        for kind in ["misfit", "contextual", "undecided", "refused"] { #expect(kinds[kind, default: 0] > 10, "\(kind)") }
        for kind in ["yes", "no"] { #expect(kinds[kind, default: 0] > asked / 10, "\(kind)") }
        #expect(kinds["refused", default: 0] < asked / 20, "\(kinds) of \(asked)")
    }
}
