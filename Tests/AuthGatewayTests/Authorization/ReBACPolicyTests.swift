@testable import AuthGateway
import ReBAC
import Testing

@Suite("The policy that decides by the gateway's own store")
struct ReBACPolicyTests {
    private static let groups = AuthorizationModel(types: [
        TypeDefinition(name: "user"),
        TypeDefinition(
            name: "group", relations: [RelationDefinition(name: "member", rewrite: .direct, directTypes: [TypeRestriction(type: "user")])]),
        TypeDefinition(
            name: "vcluster",
            relations: [
                RelationDefinition(
                    name: "member", rewrite: .direct,
                    directTypes: [TypeRestriction(type: "user"), TypeRestriction(type: "group", form: .userset(relation: "member"))])
            ]),
    ])

    private func snapshot(_ tuples: [(String, String, String)], model: AuthorizationModel = groups) throws -> StoreSnapshot {
        var index = TupleIndex()
        for (object, relation, user) in tuples {
            index.insert(RelationshipTuple(key: try TupleKey(object: object, relation: relation, user: user)))
        }
        return StoreSnapshot(
            storeID: "store", newest: .usable(UsableModel(id: "model", compiled: try CompiledModel(model))), tuples: index, position: 7, asOf: .now)
    }

    private func answer(_ question: AccessQuestion, _ snapshot: StoreSnapshot, timeout: Duration = .seconds(10)) async -> AccessAnswer {
        await ReBACPolicy(timeout: timeout, snapshot: { () throws(RelationshipStoreError) in snapshot }).answer(question, from: .test())
    }

    @Test("allows what follows from the store, denies the rest, and says by which state")
    func decisions() async throws {
        let snapshot = try snapshot([("vcluster:daint", "member", "user:ada"), ("vcluster:eiger", "member", "group:staff#member")])
        let allowed = await answer(.test(), snapshot)
        #expect(allowed.verdict == .allowed)
        #expect(allowed.state == .init(modelID: "model", position: 7))
        let denied = await answer(.test("bob"), snapshot)
        #expect(denied.verdict == .denied)
        #expect(denied.state == .init(modelID: "model", position: 7))
        #expect(await answer(.test(of: "eiger"), snapshot).verdict == .denied)
    }

    @Test("takes the groups of the token for relationships")
    func groups() async throws {
        let snapshot = try snapshot([("vcluster:daint", "member", "group:staff#member")])
        #expect(await answer(.test(groups: ["guests", "staff"]), snapshot).verdict == .allowed)
        #expect(await answer(.test(groups: ["guests"]), snapshot).verdict == .denied)
    }

    @Test("knows no answer without a store, with an old one or without a model", arguments: [
        RelationshipStoreError.notLoaded(reason: "no"), .stale(age: .seconds(400)), .storeNotFound(id: "x"), .unavailable(reason: "no"),
    ])
    func noSnapshot(error: RelationshipStoreError) async {
        let policy = ReBACPolicy(timeout: .seconds(1)) { () throws(RelationshipStoreError) in throw error }
        let answer = await policy.answer(.test(), from: .test())
        #expect(answer.verdict == .undecided)
        #expect(answer.reason == error.description)
    }

    @Test("knows no answer by a model that cannot be used", arguments: [StoreSnapshot.NewestModel.none, .unusable(id: "m", reason: "broken")])
    func noModel(newest: StoreSnapshot.NewestModel) async {
        let snapshot = StoreSnapshot(storeID: "store", newest: newest, tuples: TupleIndex(), position: 1, asOf: .now)
        #expect(await answer(.test(), snapshot).verdict == .undecided)
    }

    @Test("knows no answer by a model that has not what the settings ask for")
    func otherModel() async throws {
        let model = AuthorizationModel(types: [TypeDefinition(name: "user")])
        let answer = await answer(.test(), try snapshot([], model: model))
        #expect(answer.verdict == .undecided)
        #expect(answer.reason.contains("vcluster"))
        // Groups that the model does not have: left out, one that is shut out might be let in.
        let withoutGroups = AuthorizationModel(types: [Self.groups.types[0], TypeDefinition(
            name: "vcluster", relations: [RelationDefinition(name: "member", rewrite: .direct, directTypes: [TypeRestriction(type: "user")])])])
        let ungrouped = try snapshot([("vcluster:daint", "member", "user:ada")], model: withoutGroups)
        #expect(await self.answer(.test(groups: ["a"]), ungrouped).verdict == .undecided)
        #expect(await self.answer(.test(), ungrouped).verdict == .allowed)
    }

    @Test("denies when there is no time, or the way is too long")
    func limits() async throws {
        var tuples = [("vcluster:daint", "member", "group:g0#member")]
        let nested = AuthorizationModel(types: [
            Self.groups.types[0],
            TypeDefinition(
                name: "group",
                relations: [
                    RelationDefinition(
                        name: "member", rewrite: .direct,
                        directTypes: [TypeRestriction(type: "user"), TypeRestriction(type: "group", form: .userset(relation: "member"))])
                ]),
            Self.groups.types[2],
        ])
        for number in 0..<40 { tuples.append(("group:g\(number)", "member", "group:g\(number + 1)#member")) }
        tuples.append(("group:g40", "member", "user:ada"))
        let deep = await answer(.test(), try snapshot(tuples, model: nested))
        #expect(deep.verdict == .denied)
        #expect(deep.reason.contains("steps"))
        let late = await answer(.test(), try snapshot(tuples, model: nested), timeout: .zero)
        #expect(late.verdict == .denied)
    }
}
