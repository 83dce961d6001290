@testable import AuthGateway
import ReBAC
import Testing

@Suite("Messages of the administration API")
struct RequestMessagesTests {
    private static func json(_ text: String) throws -> ReBAC.JSONValue { try JSONReader.value(of: Array(text.utf8)) }

    private static func tuples(_ count: Int) -> String {
        (0..<count).map { #"{"user": "user:\#($0)", "relation": "viewer", "object": "document:1"}"# }.joined(separator: ",")
    }

    @Test("A check has a tuple, contextual tuples, a context, a model and a consistency")
    func check() throws {
        let request = try CheckRequest(
            Self.json(
                #"""
                {"tuple_key": {"user": "group:eng#member", "relation": "viewer", "object": "document:1"}, "trace": true,
                 "contextual_tuples": {"tuple_keys": [{"user": "user:*", "relation": "member", "object": "group:eng",
                   "condition": {"name": "soon", "context": {"x": 1}}}]},
                 "context": {"now": "2026-01-01T00:00:00Z"}, "authorization_model_id": "01HVMMBCMGZNT3SED4Z17ECXCA", "consistency": "HIGHER_CONSISTENCY"}
                """#))
        #expect(request.question.key.description == "document:1#viewer@group:eng#member")
        #expect(request.question.contextualTuples.first?.condition == TupleCondition(name: "soon", context: ["x": .number(1)]))
        #expect(request.question.context == ["now": .string("2026-01-01T00:00:00Z")])
        #expect(request.scope.modelID == "01HVMMBCMGZNT3SED4Z17ECXCA")
        #expect(request.scope.consistency == .higherConsistency)
    }

    @Test(
        "A check that is none is refused",
        arguments: [
            (#"{}"#, OpenFGAError.Code.tupleKeyValueNotSpecified),
            (#"{"tuple_key": {}}"#, .validationError),
            (#"{"tuple_key": {"user": "user:anne", "relation": "viewer", "object": "document"}}"#, .validationError),
            (#"{"tuple_key": {"user": "anne", "relation": "viewer", "object": "document:1"}}"#, .validationError),
            (#"{"tuple_key": {"user": "user:anne", "relation": "a b", "object": "document:1"}}"#, .validationError),
            (#"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "consistency": "BEST"}"#, .validationError),
            (#"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "authorization_model_id": "x"}"#, .validationError),
            (#"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "context": []}"#, .validationError),
            (#"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "trace": "yes"}"#, .validationError),
            (
                #"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "contextual_tuples": {"tuple_keys": [{"user": "x", "relation": "v", "object": "document:1"}]}}"#,
                .invalidTuple
            ),
        ])
    func badChecks(text: String, code: OpenFGAError.Code) throws {
        let json = try Self.json(text)
        let error = #expect(throws: OpenFGAError.self) { try CheckRequest(json) }
        #expect(error?.code == code)
    }

    @Test("At most 100 contextual tuples are taken")
    func contextualTuples() throws {
        let question = #""tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}"#
        let most = try CheckRequest(Self.json(#"{\#(question), "contextual_tuples": {"tuple_keys": [\#(Self.tuples(100))]}}"#))
        #expect(most.question.contextualTuples.count == 100)
        let more = try Self.json(#"{\#(question), "contextual_tuples": {"tuple_keys": [\#(Self.tuples(101))]}}"#)
        let error = #expect(throws: OpenFGAError.self) { try CheckRequest(more) }
        #expect(error?.message == "invalid ContextualTupleKeys.TupleKeys: value must contain no more than 100 item(s)")
    }

    @Test("A batch has 1 to 50 checks with correlation ids of their own")
    func batch() throws {
        func batch(_ ids: [String]) throws -> BatchCheckRequest {
            let items = ids.map { #"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "correlation_id": "\#($0)"}"# }
            return try BatchCheckRequest(Self.json(#"{"checks": [\#(items.joined(separator: ","))]}"#))
        }
        #expect(try batch((0..<50).map { "id-\($0)" }).checks.count == 50)
        for (ids, reason) in [
            ([], "no checks were received"), ((0..<51).map(String.init), "batchCheck received 51 checks, the maximum allowed is 50"),
            (["a", "b", "a"], "received duplicate correlation id: a"), (["a.b"], "CorrelationId"), ([""], "CorrelationId"),
        ] {
            let error = #expect(throws: OpenFGAError.self) { try batch(ids) }
            #expect(error?.code == .validationError)
            #expect(error?.message.contains(reason) == true, "\(reason)")
        }
    }

    @Test("Of a batch only the check fails that is none")
    func batchWithBadCheck() throws {
        let request = try BatchCheckRequest(
            Self.json(
                #"""
                {"checks": [
                  {"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "correlation_id": "good"},
                  {"tuple_key": {"user": "anne", "relation": "v", "object": "document:1"}, "correlation_id": "bad"}]}
                """#))
        #expect(throws: Never.self) { try request.checks[0].question.get() }
        #expect(throws: OpenFGAError.self) { try request.checks[1].question.get() }
    }

    @Test("A write has writes and deletes, and says what to do about conflicts")
    func write() throws {
        let request = try WriteRequest(
            Self.json(
                #"""
                {"writes": {"tuple_keys": [{"user": "user:a", "relation": "v", "object": "document:1"}], "on_duplicate": "ignore"},
                 "deletes": {"tuple_keys": [{"user": "user:b", "relation": "v", "object": "document:1", "condition": {"name": "ignored"}}]}}
                """#))
        #expect(request.write.writes.map(\.key.description) == ["document:1#v@user:a"])
        #expect(request.write.deletes.map(\.description) == ["document:1#v@user:b"])
        #expect(request.write.onDuplicate == .ignore)
        #expect(request.write.onMissing == .fail)
        #expect(request.modelID == nil)
    }

    @Test(
        "A write that is none is refused",
        arguments: [
            (#"{}"#, OpenFGAError.Code.invalidWriteInput),
            (#"{"writes": {"tuple_keys": []}}"#, .validationError),
            (#"{"writes": {}}"#, .validationError),
            (#"{"writes": []}"#, .validationError),
            (#"{"writes": {"tuple_keys": [\#(tuples(1)), \#(tuples(1))]}}"#, .cannotAllowDuplicateTuplesInOneRequest),
            (#"{"writes": {"tuple_keys": [\#(tuples(1))]}, "deletes": {"tuple_keys": [\#(tuples(1))]}}"#, .cannotAllowDuplicateTuplesInOneRequest),
            (#"{"writes": {"tuple_keys": [\#(tuples(101))]}}"#, .exceededEntityLimit),
            (#"{"writes": {"tuple_keys": [\#(tuples(1))], "on_duplicate": "overwrite"}}"#, .validationError),
            (#"{"deletes": {"tuple_keys": [\#(tuples(1))], "on_missing": 1}}"#, .validationError),
            (#"{"writes": {"tuple_keys": [{"user": "user:a", "relation": "", "object": "document:1"}]}}"#, .validationError),
            (#"{"writes": {"tuple_keys": [{"user": "user:a", "relation": "v", "object": "document:*"}]}}"#, .validationError),
        ])
    func badWrites(text: String, code: OpenFGAError.Code) throws {
        let json = try Self.json(text)
        let error = #expect(throws: OpenFGAError.self) { try WriteRequest(json) }
        #expect(error?.code == code)
    }

    @Test("What is read is filtered by a type at least")
    func read() throws {
        let all = try ReadRequest(Self.json("{}"))
        #expect(all.filter.objectType == nil && all.page.size == 50 && all.page.from == nil)
        let some = try ReadRequest(
            Self.json(#"{"tuple_key": {"object": "document:", "user": "user:a"}, "page_size": 3, "continuation_token": "next"}"#))
        #expect(some.filter.objectType == "document" && some.filter.objectID == nil && some.filter.user == "user:a" && some.filter.relation == nil)
        #expect(some.page.size == 3 && some.page.from == "next")
    }

    @Test(
        "A filter or page that is none is refused",
        arguments: [
            (#"{"tuple_key": {}}"#, OpenFGAError.Code.validationError), (#"{"tuple_key": {"user": "user:a"}}"#, .validationError),
            (#"{"tuple_key": {"object": "document:"}}"#, .validationError), (#"{"tuple_key": {"object": "document"}}"#, .validationError),
            (#"{"page_size": 0}"#, .pageSizeInvalid), (#"{"page_size": 101}"#, .pageSizeInvalid), (#"{"page_size": "many"}"#, .validationError),
            (#"{"continuation_token": "\#(String(repeating: "x", count: 5121))"}"#, .validationError),
        ])
    func badReads(text: String, code: OpenFGAError.Code) throws {
        let json = try Self.json(text)
        let error = #expect(throws: OpenFGAError.self) { try ReadRequest(json) }
        #expect(error?.code == code)
    }

    @Test("Lists of users and objects and trees are asked for as OpenFGA's are")
    func lists() throws {
        let objects = try ListObjectsRequest(Self.json(#"{"type": "document", "relation": "viewer", "user": "user:a"}"#))
        #expect(objects.type == "document" && objects.user == .object(ObjectReference(type: "user", id: "a")))
        let users = try ListUsersRequest(
            Self.json(
                #"""
                {"object": {"type": "document", "id": "1"}, "relation": "viewer", "user_filters": [{"type": "group", "relation": "member"}],
                 "contextual_tuples": [\#(Self.tuples(1))]}
                """#))
        #expect(users.object.description == "document:1" && users.filter.type == "group" && users.filter.relation == "member")
        #expect(users.contextualTuples.count == 1)
        let expand = try ExpandRequest(Self.json(#"{"tuple_key": {"object": "document:1", "relation": "viewer"}}"#))
        #expect(expand.object.description == "document:1" && expand.relation == "viewer")
    }

    @Test("Lists of users and objects and trees that are none are refused")
    func badLists() throws {
        for text in [
            #"{"type": "", "relation": "viewer", "user": "user:a"}"#, #"{"type": "document", "relation": "viewer", "user": ""}"#,
            #"{"type": "document", "relation": "viewer", "user": "anne"}"#,
        ] {
            let json = try Self.json(text)
            #expect(throws: OpenFGAError.self) { try ListObjectsRequest(json) }
        }
        for filters in ["[]", #"[{"type": "a"}, {"type": "b"}]"#, #"[{"relation": "member"}]"#, "{}"] {
            let json = try Self.json(#"{"object": {"type": "document", "id": "1"}, "relation": "viewer", "user_filters": \#(filters)}"#)
            #expect(throws: OpenFGAError.self) { try ListUsersRequest(json) }
        }
        let incomplete = try Self.json(#"{"tuple_key": {"object": "document:1"}}"#)
        let error = #expect(throws: OpenFGAError.self) { try ExpandRequest(incomplete) }
        #expect(error?.code == .invalidExpandInput)
    }

    @Test("At most 100 assertions are taken, with at most 20 contextual tuples")
    func assertions() throws {
        func assertions(_ count: Int, contextual: Int) throws -> AssertionsRequest {
            let one =
                #"{"tuple_key": {"user": "user:a", "relation": "v", "object": "document:1"}, "expectation": true, "contextual_tuples": [\#(Self.tuples(contextual))]}"#
            return try AssertionsRequest(Self.json(#"{"assertions": [\#(Array(repeating: one, count: count).joined(separator: ","))]}"#))
        }
        #expect(try assertions(100, contextual: 20).assertions.count == 100)
        #expect(try assertions(0, contextual: 0).assertions.isEmpty)
        let error = #expect(throws: OpenFGAError.self) { try assertions(101, contextual: 0) }
        #expect(error?.code == .assertionsTooManyItems)
        #expect(throws: OpenFGAError.self) { try assertions(1, contextual: 21) }
    }
}
