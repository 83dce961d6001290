import GoldcrestServiceKit
import Hummingbird
import ReBAC

extension Administration {
    func addStoreRoutes(to router: RouterGroup<APIRequestContext>) {
        router.post { request, _ in
            let name = try MessageFields("CreateStoreRequest", await request.message()).text("name", .storeName)
            let created = try await store.createStore(name: name)
            await show()
            return Response(created.json, status: .created)
        }
        router.get { request, _ in
            let page = try request.page(for: "ListStoresRequest")
            let name = try QueryFields(of: request).text("name")
            return Response(try await store.stores(name: name?.isEmpty == true ? nil : name, page: page).json("stores", \.json))
        }
        router.get(":store") { _, context in
            Response(try await store.store(context.store(for: "GetStoreRequest")).json)
        }
        router.delete(":store") { _, context in
            do {
                try await store.deleteStore(context.store(for: "DeleteStoreRequest"))
                await show()
            } catch RelationshipStoreError.storeNotFound {
                // It is gone, which is what was wanted.
            }
            return Response(status: .noContent)
        }
    }
}
