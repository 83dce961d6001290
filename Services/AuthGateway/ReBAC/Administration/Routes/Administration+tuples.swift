import FoundationEssentials
import GoldcrestProtocol
import GoldcrestServiceKit
import Hummingbird
import ReBAC

extension Administration {
    /// How often a write is checked anew because the store's newest model changed meanwhile.
    private static let maximumAttempts = 3

    func addTupleRoutes(to router: RouterGroup<APIRequestContext>) {
        router.post("write") { request, context in
            let storeID = try context.store(for: "WriteRequest")
            let request = try WriteRequest(await request.message())
            let modelID = try await write(request, to: storeID)
            await show()
            return Response([:], headerFields: [.authorizationModelID: modelID])
        }
        router.post("read") { request, context in
            let storeID = try context.store(for: "ReadRequest")
            // Read from the database, so every answer has the highest consistency.
            let request = try ReadRequest(await request.message())
            return Response(try await store.read(request.filter, in: storeID, page: request.page).json("tuples", \.json))
        }
        router.get("changes") { request, context in
            let storeID = try context.store(for: "ReadChangesRequest")
            let page = try request.page(for: "ReadChangesRequest")
            let query = try QueryFields(of: request)
            let type = query.text("type") ?? ""
            guard type.isEmpty || TextRule.type.matches(type) else { throw OpenFGAError.invalid("ReadChangesRequest", "Type", TextRule.type.reason) }
            let changes = try await store.changes(
                ofType: type.isEmpty ? nil : type, since: Self.startTime(query.text("start_time")), in: storeID, page: page)
            return Response(changes.json("changes", \.json))
        }
    }

    private static func startTime(_ text: String?) throws(OpenFGAError) -> Date? {
        guard let text, !text.isEmpty else { return nil }
        guard let date = UTCTimestamp.date(from: text) else {
            throw OpenFGAError(.validationError, "invalid value for google.protobuf.Timestamp field start_time; it must be as 2026-03-01T12:34:56Z")
        }
        return date
    }

    /// - Returns: The id of the model that the tuples were checked against.
    private func write(_ request: WriteRequest, to storeID: String) async throws -> String {
        for _ in 1..<Self.maximumAttempts {
            if let modelID = try await writeUnlessNewModel(request, to: storeID) { return modelID }
            try await replica.refresh(within: Self.refreshLimit)
        }
        guard let modelID = try await writeUnlessNewModel(request, to: storeID) else {
            throw OpenFGAError(.aborted, "transactional write failed due to conflict: the store's newest authorization model changes too often")
        }
        return modelID
    }

    /// - Returns: `nil` if the store has a newer model than this gateway knows, and the request names none.
    private func writeUnlessNewModel(_ request: WriteRequest, to storeID: String) async throws -> String? {
        let model = try await model(request.modelID, in: storeID)
        for tuple in request.write.writes { try Self.check(tuple, toBeWrittenFor: model.compiled.rules) }
        do {
            try await store.write(request.write, to: storeID, checkedAgainst: request.modelID == nil ? model.id : nil)
            return model.id
        } catch {
            if case .newestModelChanged = error { return nil }
            throw error
        }
    }
}
