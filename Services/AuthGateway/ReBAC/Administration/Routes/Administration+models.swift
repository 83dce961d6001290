import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import ReBAC

extension Administration {
    func addModelRoutes(to router: RouterGroup<APIRequestContext>) {
        router.post { request, context in
            let storeID = try context.store(for: "WriteAuthorizationModelRequest")
            let model = try await Self.model(in: request)
            let id = try await store.write(model, to: storeID)
            await show()
            return Response(["authorization_model_id": .string(id)], status: .created)
        }
        router.get { request, context in
            let storeID = try context.store(for: "ReadAuthorizationModelsRequest")
            let page = try request.page(for: "ReadAuthorizationModelsRequest")
            return Response(try await store.models(in: storeID, page: page).json("authorization_models", \.json))
        }
        router.get(":model") { request, context in
            let storeID = try context.store(for: "ReadAuthorizationModelRequest")
            let stored = try await store.model(context.model(for: "ReadAuthorizationModelRequest", "Id"), in: storeID)
            if request.wantsPlainText { return Response(plainText: try stored.model.dsl()) }
            return Response(["authorization_model": stored.json])
        }
    }

    /// A model in OpenFGA's JSON or, as `text/plain`, in its DSL.
    private static func model(in request: Request) async throws -> AuthorizationModel {
        let body = Array(try await request.bodyBytes(upTo: maximumBodyLength).readableBytesView)
        let model: AuthorizationModel
        if request.isPlainText {
            guard let text = String(validating: body, as: UTF8.self) else { throw OpenFGAError(.validationError, "the model is not UTF-8") }
            model = try AuthorizationModel(dsl: text)
        } else {
            model = try AuthorizationModel(json: body)
        }
        let problems = model.problems()
        guard problems.isEmpty else { throw InvalidModel(problems: problems) }
        return model
    }
}

extension Request {
    fileprivate var isPlainText: Bool { headers[.contentType].map(Self.mediaType) == "text/plain" }

    /// Clients that take anything get JSON.
    fileprivate var wantsPlainText: Bool { headers[.accept].map(Self.mediaType) == "text/plain" }

    private static func mediaType(_ value: String) -> String { value.prefix { !";, ".contains($0) }.lowercased() }
}

extension Response {
    fileprivate init(plainText text: String) {
        self.init(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .contentLength: String(text.utf8.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
