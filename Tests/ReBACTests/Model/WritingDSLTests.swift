import ReBAC
import Testing

@Suite("Writing models in OpenFGA's language")
struct WritingDSLTests {
    @Test("gives what one would write")
    func writing() throws {
        let text = """
            model
              schema 1.1

            type user

            type group
              relations
                define member: [user, user:* with in_hours, group#member] but not (banned or left)
                define banned: [user]
                define left: [user]

            type doc
              relations
                define parent: [doc]
                define viewer: ([group#member] or viewer from parent) and (editor but not (a and b))
                define editor: [user]
                define a: editor
                define b: editor

            condition in_hours(now: timestamp, days: list<int>, tags: map<any>) {
              now.getHours() < 18 && "}" != " # "
            }

            """
        #expect(try AuthorizationModel(dsl: text).dsl() == text)
    }

    private static func written(_ rewrite: UsersetRewrite) throws -> String? {
        let relations = [
            RelationDefinition(name: "a", rewrite: .direct, directTypes: [TypeRestriction(type: "t")]),
            RelationDefinition(name: "x", rewrite: rewrite, directTypes: [TypeRestriction(type: "t")]),
        ]
        let text = try AuthorizationModel(types: [TypeDefinition(name: "t", relations: relations)]).dsl()
        return text.split(separator: "\n").last.map { String($0.trimmingPrefix("    define x: ")) }
    }

    private static let a = UsersetRewrite.computed(relation: "a")

    @Test(
        "puts the list in brackets first, and leaves out operators with one operand",
        arguments: [
            (UsersetRewrite.union([a, .direct]), "[t] or a"), (.intersection([a, a, .direct]), "[t] and a and a"), (.union([.direct]), "[t]"),
            (.union([a, .intersection([a, .direct])]), "([t] and a) or a"),
            (.exclusion(base: .union([a, .direct]), subtracted: a), "([t] or a) but not a"),
            (.exclusion(base: .direct, subtracted: .union([.union([a]), a])), "[t] but not (a or a)"),
        ])
    func normalized(_ rewrite: UsersetRewrite, is text: String) throws {
        #expect(try Self.written(rewrite) == text)
    }

    @Test(
        "refuses what the language has no words for",
        arguments: [
            UsersetRewrite.exclusion(base: a, subtracted: .direct), .union([.direct, .direct]),
            .union([a, .exclusion(base: a, subtracted: .direct)]), a, .union([]),
            .computed(relation: "and"), .computed(relation: "a b"), .computed(relation: "a or a"), .computed(relation: "b # c"),
            .computed(relation: "läser"),
        ])
    func refused(_ rewrite: UsersetRewrite) {
        #expect(throws: ModelProblem.self) { try Self.written(rewrite) }
    }

    @Test("refuses names and conditions that would be read as something else")
    func refusedNames() {
        let condition = ConditionDefinition(name: "c", parameters: [ConditionParameter(name: "x", type: .bool)], expression: "x")
        func refuses(_ change: (inout AuthorizationModel) -> Void) -> Bool {
            var model = AuthorizationModel(types: [TypeDefinition(name: "user")], conditions: [condition])
            change(&model)
            return (try? model.dsl()) == nil
        }
        #expect(!refuses { _ in })
        #expect(refuses { $0.types[0].name = "user\ntype admin" })
        #expect(refuses { $0.conditions[0].expression = "{}.size() == 0" })
        #expect(refuses { $0.conditions[0].expression = "x // }" })
        #expect(refuses { $0.conditions[0].expression = "x }\ncondition d(x: bool) { x" })
        #expect(refuses { $0.conditions[0].parameters = [] })
        #expect(refuses { $0.conditions[0].parameters[0].type = .list(.list(.int)) })
        #expect(refuses { $0.conditions[0].parameters[0].name = "string" })
    }
}
