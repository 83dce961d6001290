import ReBAC
import Testing

@Suite("Models in JSON")
struct ModelJSONTests {
    /// One of everything that a model can have.
    private static let everything = #"""
        {"schema_version":"1.1","id":"01G5JAVJ41T49E9TT3SKVS7X1J","type_definitions":[
          {"type":"user","relations":{},"metadata":null},
          {"type":"group","relations":{"member":{"this":{}}},"metadata":{"relations":{"member":{"directly_related_user_types":[
            {"type":"user","condition":""},{"type":"user","wildcard":{}},{"type":"group","relation":"member","condition":"in_hours"}]}}}},
          {"type":"document","relations":{
            "parent":{"this":{}},
            "owner":{"this":{}},
            "blocked":{"this":{}},
            "editor":{"union":{"child":[{"this":{}},{"computedUserset":{"object":"","relation":"owner"}}]}},
            "viewer":{"difference":{"base":{"intersection":{"child":[{"computedUserset":{"relation":"editor"}},
              {"tupleToUserset":{"tupleset":{"object":"","relation":"parent"},"computedUserset":{"object":"","relation":"viewer"}}}]}},
              "subtract":{"computedUserset":{"relation":"blocked"}}}}},
           "metadata":{"relations":{
            "parent":{"directly_related_user_types":[{"type":"document"}]},
            "owner":{"directly_related_user_types":[{"type":"user"}]},
            "blocked":{"directly_related_user_types":[{"type":"user"}]},
            "editor":{"directly_related_user_types":[{"type":"user"}],"module":"","source_info":null},
            "viewer":{"directly_related_user_types":[]}},"module":"core","source_info":{"file":"core.fga"}}}],
         "conditions":{"in_hours":{"name":"in_hours","expression":"now < end && tags[0] == \"x\"","parameters":{
            "now":{"type_name":"TYPE_NAME_TIMESTAMP","generic_types":[]},"end":{"type_name":"TYPE_NAME_TIMESTAMP"},
            "tags":{"type_name":"TYPE_NAME_LIST","generic_types":[{"type_name":"TYPE_NAME_STRING"}]},
            "attributes":{"type_name":"TYPE_NAME_MAP","generic_types":[{"type_name":"TYPE_NAME_ANY"}]}},"metadata":null}}}
        """#

    private static let everythingRead = AuthorizationModel(
        types: [
            TypeDefinition(name: "user"),
            TypeDefinition(
                name: "group",
                relations: [
                    RelationDefinition(
                        name: "member", rewrite: .direct,
                        directTypes: [
                            TypeRestriction(type: "user"), TypeRestriction(type: "user", form: .wildcard),
                            TypeRestriction(type: "group", form: .userset(relation: "member"), condition: "in_hours"),
                        ])
                ]),
            TypeDefinition(
                name: "document",
                relations: [
                    RelationDefinition(name: "blocked", rewrite: .direct, directTypes: [TypeRestriction(type: "user")]),
                    RelationDefinition(
                        name: "editor", rewrite: .union([.direct, .computed(relation: "owner")]), directTypes: [TypeRestriction(type: "user")]),
                    RelationDefinition(name: "owner", rewrite: .direct, directTypes: [TypeRestriction(type: "user")]),
                    RelationDefinition(name: "parent", rewrite: .direct, directTypes: [TypeRestriction(type: "document")]),
                    RelationDefinition(
                        name: "viewer",
                        rewrite: .exclusion(
                            base: .intersection([.computed(relation: "editor"), .tupleToUserset(tupleset: "parent", relation: "viewer")]),
                            subtracted: .computed(relation: "blocked"))),
                ]),
        ],
        conditions: [
            ConditionDefinition(
                name: "in_hours",
                parameters: [
                    ConditionParameter(name: "attributes", type: .map(.any)), ConditionParameter(name: "end", type: .timestamp),
                    ConditionParameter(name: "now", type: .timestamp), ConditionParameter(name: "tags", type: .list(.string)),
                ],
                expression: "now < end && tags[0] == \"x\"")
        ])

    @Test("are read as OpenFGA writes them")
    func reading() throws {
        #expect(try AuthorizationModel(json: Self.everything.utf8) == Self.everythingRead)
    }

    @Test("are written so that they are read back, and always alike")
    func roundTrip() throws {
        let written = Self.everythingRead.json()
        let read = try AuthorizationModel(json: written)
        #expect(read == Self.everythingRead)
        #expect(read.json() == written)

        var shuffled = Self.everythingRead
        shuffled.types[2].relations.reverse()
        shuffled.conditions[0].parameters.reverse()
        #expect(shuffled.json() == written)
    }

    @Test("are written with every member that OpenFGA shows")
    func writing() {
        let model = AuthorizationModel(
            types: [
                TypeDefinition(name: "user"),
                TypeDefinition(
                    name: "doc",
                    relations: [
                        RelationDefinition(name: "b", rewrite: .computed(relation: "a")),
                        RelationDefinition(name: "a", rewrite: .direct, directTypes: [TypeRestriction(type: "user", form: .wildcard)]),
                    ]),
            ])
        let expected =
            #"{"schema_version":"1.1","type_definitions":[{"type":"user","relations":{},"metadata":null},"#
            + #"{"type":"doc","relations":{"a":{"this":{}},"b":{"computedUserset":{"object":"","relation":"a"}}},"#
            + #""metadata":{"relations":{"a":{"directly_related_user_types":[{"type":"user","wildcard":{},"condition":""}]},"#
            + #""b":{"directly_related_user_types":[]}}}}],"conditions":{}}"#
        #expect(String(decoding: model.json(), as: UTF8.self) == expected)
    }

    @Test("take absent, empty and null members alike")
    func defaults() throws {
        let types = [TypeDefinition(name: "user")]
        for json in [
            #"{"type_definitions":[{"type":"user"}]}"#,
            #"{"schema_version":"","type_definitions":[{"type":"user","relations":null,"metadata":{"relations":null}}],"conditions":null}"#,
            #"{"schema_version":null,"type_definitions":[{"type":"user","relations":{},"metadata":{}}],"conditions":{},"id":""}"#,
        ] {
            #expect(try AuthorizationModel(json: json.utf8).types == types)
        }
    }

    private static func relation(_ rewrite: String, metadata: String = "{}") -> String {
        #"{"type_definitions":[{"type":"doc","relations":{"viewer":\#(rewrite)},"metadata":{"relations":{"viewer":\#(metadata)}}}]}"#
    }

    private static func condition(_ definition: String) -> String { #"{"conditions":{"c":\#(definition)}}"# }

    @Test(
        "take rewrites in either spelling",
        arguments: [
            (#"{"computed_userset":{"relation":"a"}}"#, UsersetRewrite.computed(relation: "a")),
            (
                #"{"tuple_to_userset":{"tupleset":{"relation":"p"},"computed_userset":{"relation":"a"}}}"#,
                .tupleToUserset(tupleset: "p", relation: "a")
            ),
            (
                #"{"tupleToUserset":{"tupleset":{"relation":"p"},"computedUserset":{"object":"$TUPLE_USERSET_OBJECT","relation":"a"}}}"#,
                .tupleToUserset(tupleset: "p", relation: "a")
            ),
            (#"{"this":{},"union":null,"computedUserset":null}"#, .direct),
        ])
    func spellings(_ json: String, is rewrite: UsersetRewrite) throws {
        #expect(try AuthorizationModel(json: Self.relation(json).utf8).types[0].relations[0].rewrite == rewrite)
    }

    @Test("take the types of parameters by name and by number")
    func parameterNumbers() throws {
        let json = Self.condition(
            #"{"name":"c","expression":"p","parameters":{"p":{"type_name":2},"q":{"type_name":10,"generic_types":[{"type_name":"TYPE_NAME_INT"}]}}}"#)
        #expect(try AuthorizationModel(json: json.utf8).conditions[0].parameters.map(\.type) == [.bool, .list(.int)])
    }

    @Test(
        "are refused with the path to what is not understood",
        arguments: [
            (#"[]"#, "the model must be an object"),
            (#"{"schema_version":"1.0"}"#, "schema_version is '1.0'; only schema 1.1"),
            (#"{"schema_version":"1.2"}"#, "schema_version is '1.2'; only schema 1.1"),
            (#"{"schema_version":1.1}"#, "schema_version must be a text, not a number"),
            (#"{"schemaVersion":"1.1"}"#, "the model has the member 'schemaVersion'"),
            (#"{"type_definitions":{}}"#, "type_definitions must be a list"),
            (#"{"type_definitions":[null]}"#, "type_definitions[0] must be an object, not null"),
            (#"{"type_definitions":[{"type":"a","extends":"b"}]}"#, "type_definitions[0] has the member 'extends'"),
            (#"{"type_definitions":[{"type":7}]}"#, "type_definitions[0].type must be a text"),
            (
                #"{"type_definitions":[{"type":"a","metadata":{"relations":{"x":{"directly_related_user_types":[{"type":"user"}]}}}}]}"#,
                "type_definitions[0] has metadata of the relation 'x'"
            ),
            (relation("{}"), "type_definitions[0].relations.viewer must have one of this, computedUserset"),
            (relation("null"), "type_definitions[0].relations.viewer must be an object, not null"),
            (relation(#"{"this":{},"union":{"child":[{"this":{}}]}}"#), "it has 2"),
            (relation(#"{"this":{"x":1}}"#), "relations.viewer.this has the member 'x'"),
            (relation(#"{"these":{}}"#), "relations.viewer has the member 'these'"),
            (relation(#"{"computedUserset":{"relation":"a"},"computed_userset":{"relation":"b"}}"#), "which mean the same"),
            (relation(#"{"computedUserset":{"object":"doc:1","relation":"a"}}"#), "computedUserset.object must be empty"),
            (relation(#"{"union":{"child":[]}}"#), "viewer.union must have at least one child"),
            (relation(#"{"intersection":{}}"#), "viewer.intersection must have at least one child"),
            (relation(#"{"union":{"child":[{"this":{}},{"x":{}}]}}"#), "viewer.union.child[1] has the member 'x'"),
            (relation(#"{"difference":{"base":{"this":{}}}}"#), "viewer.difference lacks 'subtract'"),
            (relation(#"{"difference":{"subtract":{"this":{}}}}"#), "viewer.difference lacks 'base'"),
            (relation(#"{"tupleToUserset":{"tupleset":{"relation":"a"}}}"#), "viewer.tupleToUserset lacks 'computedUserset'"),
            (relation(#"{"tupleToUserset":{"computedUserset":{"relation":"a"}}}"#), "viewer.tupleToUserset lacks 'tupleset'"),
            (
                relation(#"{"this":{}}"#, metadata: #"{"directly_related_user_types":[{"type":"user","relation":"a","wildcard":{}}]}"#),
                "directly_related_user_types[0] has a relation and a wildcard"
            ),
            (
                relation(#"{"this":{}}"#, metadata: #"{"directly_related_user_types":[{"type":"user","wildcard":{"x":1}}]}"#),
                "directly_related_user_types[0].wildcard has the member 'x'"
            ),
            (condition(#"{"name":"d"}"#), "conditions.c has the name 'd', but is listed as 'c'"),
            (condition(#"{}"#), "conditions.c has the name '', but is listed as 'c'"),
            (condition(#"{"name":"c","parameters":{"p":{}}}"#), "parameters.p is of no type that a parameter can have: 'TYPE_NAME_UNSPECIFIED'"),
            (condition(#"{"name":"c","parameters":{"p":{"type_name":"string"}}}"#), "is of no type that a parameter can have: 'string'"),
            (condition(#"{"name":"c","parameters":{"p":{"type_name":99}}}"#), "p.type_name is no type of a parameter"),
            (condition(#"{"name":"c","parameters":{"p":{"type_name":"TYPE_NAME_LIST"}}}"#), "p is a list and must have one generic type"),
            (
                condition(#"{"name":"c","parameters":{"p":{"type_name":"TYPE_NAME_MAP","generic_types":[{"type_name":1},{"type_name":1}]}}}"#),
                "p is a map and must have one generic type"
            ),
            (condition(#"{"name":"c","parameters":{"p":{"type_name":3,"generic_types":[{"type_name":1}]}}}"#), "p has generic_types"),
            (#"{"type_definitions":["#, "the model is not JSON: the text ends too early, at byte 21"),
        ])
    func refused(_ json: String, because reason: String) throws {
        let error = #expect(throws: InvalidModel.self) { try AuthorizationModel(json: json.utf8) }
        let problem = try #require(error?.problems.first)
        #expect(problem.reason.contains(reason), "\(problem.reason)")
        #expect(problem.kind == .malformed)
    }

    @Test("nest rewrites up to the bound, and no deeper")
    func nesting() throws {
        func nested(_ depth: Int) -> String {
            Self.relation(String(repeating: #"{"union":{"child":["#, count: depth - 1) + #"{"this":{}}"# + String(repeating: "]}}", count: depth - 1))
        }
        _ = try AuthorizationModel(json: nested(UsersetRewrite.maximumNesting).utf8)
        #expect(throws: InvalidModel.self) { try AuthorizationModel(json: nested(UsersetRewrite.maximumNesting + 1).utf8) }
        #expect(throws: InvalidModel.self) { try AuthorizationModel(json: nested(100_000).utf8) }
    }
}
