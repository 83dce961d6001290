import GoldcrestServiceKit
import Hummingbird
import ReBAC

extension Administration {
    func addAssertionRoutes(to router: RouterGroup<APIRequestContext>) {
        router.put { request, context in
            let storeID = try context.store(for: "WriteAssertionsRequest")
            let modelID = try context.model(for: "WriteAssertionsRequest", "AuthorizationModelId")
            let request = try AssertionsRequest(await request.message())
            let rules = try await model(modelID, in: storeID).compiled.rules
            for assertion in request.assertions {
                try Self.check(assertion.key, toBeAskedOf: rules)
                for tuple in assertion.contextualTuples { try Self.check(tuple, toBeAssumedFor: rules) }
            }
            try await store.writeAssertions(request.assertions.map { KeptJSON($0.json) }, of: modelID, in: storeID)
            return Response(status: .noContent)
        }
        router.get { _, context in
            let storeID = try context.store(for: "ReadAssertionsRequest")
            let modelID = try await model(context.model(for: "ReadAssertionsRequest", "AuthorizationModelId"), in: storeID).id
            let kept = try await store.assertions(as: KeptJSON.self, of: modelID, in: storeID)
            return Response(["authorization_model_id": .string(modelID), "assertions": .array(kept.map(\.value))])
        }
    }
}
