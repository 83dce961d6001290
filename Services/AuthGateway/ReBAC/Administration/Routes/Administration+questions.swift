import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import ReBAC

extension Administration {
    /// How long one question may take; as OpenFGA (`requestTimeout`, `listObjectsDeadline` and `listUsersDeadline`).
    private static let questionLimit = Duration.seconds(3)
    /// As OpenFGA (`listObjectsMaxResults` and `listUsersMaxResults`).
    private static let maximumResults = 1000

    func addQuestionRoutes(to router: RouterGroup<APIRequestContext>) {
        router.post("check") { request, context in
            let storeID = try context.store(for: "CheckRequest")
            let request = try CheckRequest(await request.message())
            return try await answer(storeID, request.scope) { state in
                ["allowed": .bool(try state.check(request.question)), "resolution": ""]
            }
        }
        router.post("batch-check") { request, context in
            let storeID = try context.store(for: "BatchCheckRequest")
            let request = try BatchCheckRequest(await request.message())
            return try await answer(storeID, request.scope) { state in
                ["result": .object(request.checks.map { .init(name: $0.correlationID, value: state.result(of: $0)) })]
            }
        }
        router.post("list-objects") { request, context in
            let storeID = try context.store(for: "ListObjectsRequest")
            let request = try ListObjectsRequest(await request.message())
            return try await answer(storeID, request.scope) { state in
                ["objects": .array(try state.objects(request, upTo: Self.maximumResults).map { .string($0.description) })]
            }
        }
        router.post("streamed-list-objects") { request, context in
            let storeID = try context.store(for: "StreamedListObjectsRequest")
            let request = try ListObjectsRequest(await request.message())
            let state = try await questionState(storeID, request.scope)
            let objects = try await evaluations.run { try state.objects(request, upTo: 0) }
            return Response.lines(of: objects, headerFields: state.headerFields) { ["result": ["object": .string($0.description)]] }
        }
        router.post("list-users") { request, context in
            let storeID = try context.store(for: "ListUsersRequest")
            let request = try ListUsersRequest(await request.message())
            return try await answer(storeID, request.scope) { state in
                ["users": .array(try state.users(request, upTo: Self.maximumResults).map(\.json))]
            }
        }
        router.post("expand") { request, context in
            let storeID = try context.store(for: "ExpandRequest")
            let request = try ExpandRequest(await request.message())
            return try await answer(storeID, request.scope) { state in ["tree": try state.tree(request).json] }
        }
    }

    private func questionState(_ storeID: String, _ scope: QuestionScope) async throws -> QuestionState {
        let deadline = ContinuousClock.now + Self.questionLimit
        let state = try await state(of: storeID, for: scope)
        return QuestionState(model: state.model, tuples: state.tuples, limits: EvaluationLimits(deadline: deadline))
    }

    private func answer(
        _ storeID: String, _ scope: QuestionScope, _ evaluate: @escaping @Sendable (QuestionState) throws -> ReBAC.JSONValue
    ) async throws -> Response {
        let state = try await questionState(storeID, scope)
        return Response(try await evaluations.run { try evaluate(state) }, headerFields: state.headerFields)
    }
}
