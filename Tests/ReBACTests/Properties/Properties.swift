import FoundationEssentials
import ReBAC
import Testing

@Suite("Random models and tuples")
struct Properties {
    private static let chunks = 10
    private static let samplesOfChunk = 1000

    /// `GOLDCREST_TEST_SEED` makes the samples of a run again; a failure shows the seed that has its sample first.
    private static let seed = ProcessInfo.processInfo.environment["GOLDCREST_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)

    @Test("are checked and listed as the naive evaluator does, on ten thousand samples", arguments: 0..<chunks)
    func agreement(chunk: Int) {
        for index in 0..<Self.samplesOfChunk {
            let seed = Self.seed &+ UInt64(chunk * Self.samplesOfChunk + index)
            let sample = RandomSample.make(seed: seed)
            guard disagreement(about: sample) != nil else { continue }
            let smallest = sample.shrunk { disagreement(about: $0) != nil }
            Issue.record("GOLDCREST_TEST_SEED=\(seed): \(disagreement(about: smallest) ?? "")\n\(smallest)")
            return
        }
    }

    /// What the engine gets wrong about a sample, if anything.
    private func disagreement(about sample: Sample) -> String? {
        let oracle = BruteForce(sample)
        let answers = Dictionary(uniqueKeysWithValues: sample.users.map { ($0, oracle.answers(for: $0)) })
        do {
            let evaluator = try Evaluator(sample)
            return CheckAgreement(sample: sample, evaluator: evaluator, answers: answers).disagreement
                ?? ListAgreement(sample: sample, oracle: oracle, evaluator: evaluator, answers: answers).disagreement
        } catch {
            return "The model is refused: \(error)"
        }
    }
}

extension Evaluator {
    init(_ sample: Sample) throws(InvalidModel) {
        var index = TupleIndex()
        for tuple in sample.tuples { index.insert(tuple) }
        self.init(model: try CompiledModel(sample.model), tuples: index)
    }
}

extension EvaluationLimits {
    /// Far beyond what samples need.
    static var generous: EvaluationLimits { EvaluationLimits(depth: 1000, deadline: .now + .seconds(60)) }
}
