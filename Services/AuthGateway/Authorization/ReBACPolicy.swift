import ReBAC

/// Decides in this process, by the newest model and the tuples of the gateway's own store (`auth.authorization.rebac`).
struct ReBACPolicy: AccessPolicy {
    let name = "rebac"
    let timeout: Duration
    /// The store as it is known now; throws where it is not known, or not for certain.
    let snapshot: @Sendable () throws(RelationshipStoreError) -> StoreSnapshot

    func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer {
        let limits = EvaluationLimits(deadline: .now + timeout)
        do throws(RelationshipStoreError) {
            let snapshot = try snapshot()
            let model = try snapshot.newestModel()
            var answer = Self.answer(question, Evaluator(model: model.compiled, tuples: snapshot.tuples), limits)
            answer.state = AccessAnswer.State(modelID: model.id, position: snapshot.position)
            return answer
        } catch {
            return .undecided(error.description)
        }
    }

    private static func answer(_ question: AccessQuestion, _ evaluator: Evaluator, _ limits: EvaluationLimits) -> AccessAnswer {
        do throws(EvaluationFailure) {
            let isAllowed = try evaluator.check(question.key, contextualTuples: question.contextualTuples, limits: limits)
            return isAllowed ? .allowed("the relation holds") : .denied("the relation does not hold")
        } catch {
            switch error {
            // Of the settings: users have no part in the names of types and relations.
            case .invalidQuestion(let reason): return .undecided("the model does not fit auth.authorization: \(reason)")
            case .tooDeep: return .denied("the relation needs more than \(limits.depth) steps")
            case .timedOut: return .denied("the time was over before the relation was found")
            case .undecidedCondition(let name, let reason): return .denied("the condition \(name) could not be decided: \(reason)")
            }
        }
    }
}

extension RelationshipReplica {
    /// The gateway's own store.
    func goldcrestSnapshot() throws(RelationshipStoreError) -> StoreSnapshot {
        guard let goldcrestStoreID else { throw .notLoaded(reason: problem ?? "the gateway's own store has not been read yet") }
        return try snapshot(of: goldcrestStoreID)
    }
}
