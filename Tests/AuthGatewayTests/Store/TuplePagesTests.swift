import FoundationEssentials
import GoldcrestCryptography
import ReBAC
import Testing

@testable import AuthGateway

@Suite("Tuples and changes, page by page")
struct TuplePagesTests {
    /// A store with tuples of documents and groups, in that order.
    private static func withStore(documents: Int, groups: Int = 0, _ body: (RelationshipStore, String) async throws -> Void) async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "pages").id
            let tuples =
                try (0..<documents).map { try RelationshipTuple.example("document:\($0)", "viewer", "user:\($0 % 10)") }
                + (0..<groups).map { try RelationshipTuple.example("group:\($0)", "member", "user:\($0 % 10)") }
            try await store.write(TupleWrite(writes: tuples), to: id)
            try await body(store, id)
        }
    }

    @Test("a thousand tuples come once each, in the order of writing, whatever the page's size", arguments: [1, 7, 100, 999, 1000, 5000])
    func thousand(pageSize: Int) async throws {
        try await Self.withStore(documents: pageSize == 1 ? 30 : 1000) { store, id async throws in
            let tuples = try await store.allTuples(in: id, pageSize: pageSize)
            let expected = (0..<(pageSize == 1 ? 30 : 1000)).map(String.init)
            #expect(tuples.map(\.key.object.id) == expected)
        }
    }

    @Test("tuples that come and go between two pages neither hide nor repeat others")
    func changesBetweenPages() async throws {
        try await Self.withStore(documents: 30) { store, id async throws in
            let first = try await store.read(in: id, page: PageRequest(size: 10))
            let unread = try RelationshipTuple.example("document:15", "viewer", "user:5").key
            let last = try #require(first.elements.last).tuple.key
            try await store.write(TupleWrite(writes: [.example("document:new")], deletes: [last, unread]), to: id)
            let second = try await store.read(in: id, page: PageRequest(size: 100, from: first.next))
            var expected = (10..<30).map(String.init)
            expected.removeAll { $0 == "15" }
            #expect(second.elements.map(\.tuple.key.object.id) == expected + ["new"])
        }
    }

    @Test(
        "a filter lets through what has all that it names",
        arguments: [
            (TupleFilter(objectType: "group"), 20), (TupleFilter(objectType: "document", objectID: "7"), 1),
            (TupleFilter(objectType: "document", user: "user:3"), 4), (TupleFilter(user: "user:3"), 6),
            (TupleFilter(objectType: "group", relation: "viewer"), 0),
            (TupleFilter(objectType: "document", objectID: "7", relation: "viewer", user: "user:7"), 1),
            (TupleFilter(objectType: "document' OR 'x'='x"), 0), (TupleFilter(), 60),
        ])
    func filters(filter: TupleFilter, count: Int) async throws {
        try await Self.withStore(documents: 40, groups: 20) { store, id async throws in
            #expect(try await store.allTuples(in: id, filter, pageSize: 3).count == count)
        }
    }

    @Test("a reader of changes comes back for more with the token of the log's end")
    func changesGoOn() async throws {
        try await Self.withStore(documents: 5, groups: 3) { store, id async throws in
            let first = try await store.changes(in: id, page: PageRequest(size: 6))
            #expect(first.elements.count == 6)
            let second = try await store.changes(in: id, page: PageRequest(size: 6, from: first.next))
            #expect(second.elements.count == 2)
            let end = try await store.changes(in: id, page: PageRequest(size: 6, from: second.next))
            #expect(end.elements.isEmpty && end.next == second.next)
            let new = try RelationshipTuple.example("document:new")
            try await store.write(TupleWrite(writes: [new]), to: id)
            #expect(try await store.changes(in: id, page: PageRequest(size: 6, from: end.next)).elements.map(\.tuple) == [new])

            let empty = try await store.createStore(name: "empty").id
            let nothing = try await store.changes(in: empty, page: PageRequest(size: 6))
            #expect(nothing.elements.isEmpty && nothing.next == nil)
        }
    }

    @Test("changes of one type only, with tokens for that type only")
    func changesOfType() async throws {
        try await Self.withStore(documents: 5, groups: 3) { store, id async throws in
            let groups = try await store.changes(ofType: "group", in: id, page: PageRequest(size: 2))
            #expect(groups.elements.map(\.tuple.key.object.type) == ["group", "group"])
            #expect(try await store.changes(ofType: "group", in: id, page: PageRequest(size: 2, from: groups.next)).elements.count == 1)
            for type in ["document", "group ", nil] {
                await #expect(throws: RelationshipStoreError.continuesOtherType) {
                    try await store.changes(ofType: type, in: id, page: PageRequest(size: 2, from: groups.next))
                }
            }
        }
    }

    @Test("changes since a time; a token comes first")
    func changesSince() async throws {
        try await Self.withStore(documents: 3) { store, id async throws in
            let page = PageRequest(size: 10)
            let all = try await store.changes(in: id, page: page)
            let before = try #require(all.elements.first?.madeAt)
            // The database's clock goes on between two statements.
            try await store.write(TupleWrite(writes: [.example("document:late")]), to: id)
            let late = try #require(try await store.changes(in: id, page: PageRequest(size: 1, from: all.next)).elements.first?.madeAt)
            #expect(try await store.changes(since: before, in: id, page: page).elements.count == 4)
            #expect(try await store.changes(since: late, in: id, page: page).elements.map(\.tuple.key.object.id) == ["late"])
            #expect(try await store.changes(since: late.addingTimeInterval(60), in: id, page: page).elements.isEmpty)
            #expect(try await store.changes(ofType: "group", since: before, in: id, page: page).elements.isEmpty)
            let first = try await store.changes(in: id, page: PageRequest(size: 1))
            #expect(try await store.changes(since: late, in: id, page: PageRequest(size: 10, from: first.next)).elements.count == 3)
        }
    }

    @Test("a token of anything else than the same list of the same store is refused")
    func foreignTokens() async throws {
        try await Self.withStore(documents: 5) { store, id async throws in
            let other = try await store.createStore(name: "other").id
            try await store.write(TupleWrite(writes: [.example("document:1"), .example("document:2")]), to: other)
            for _ in 0..<2 { _ = try await store.write(.example(), to: other) }
            let one = PageRequest(size: 1)
            let tokens = [
                try await store.read(in: other, page: one).next, try await store.changes(in: other, page: one).next,
                try await store.models(in: other, page: one).next, try await store.stores(page: one).next,
            ]
            let invalid = RelationshipStoreError.invalidContinuationToken
            for token in tokens {
                let page = PageRequest(size: 10, from: token)
                await #expect(throws: invalid) { try await store.read(in: id, page: page) }
                await #expect(throws: invalid) { try await store.changes(in: id, page: page) }
                await #expect(throws: invalid) { try await store.models(in: id, page: page) }
            }
            for token in tokens[..<3] {
                await #expect(throws: invalid) { try await store.stores(page: PageRequest(size: 10, from: token)) }
            }
        }
    }

    private static let storeID = ULID().description

    @Test(
        "a text that was never given out is no token",
        arguments: [
            "x", "=", "t", "%", "\0", "é", String(repeating: "A", count: 100_000), Base64URL.encode("t/".utf8),
            Base64URL.encode("t/\(storeID)/".utf8),
            Base64URL.encode("t/\(storeID)/-1".utf8), Base64URL.encode("t/\(storeID)/+1".utf8), Base64URL.encode("t/\(storeID)/01".utf8),
            Base64URL.encode("t/\(storeID)/9223372036854775808".utf8), Base64URL.encode("t/\(storeID)/1 OR 1=1".utf8),
            Base64URL.encode("t/\(storeID.lowercased())/1".utf8), Base64URL.encode("t/\(storeID)/1/x".utf8), Base64URL.encode("s/\(storeID)/1".utf8),
            Base64URL.encode("m/\(storeID)/x".utf8), Base64URL.encode("c/\(storeID)/1".utf8), Base64URL.encode([0xFF, 0xFE]),
            "{\"ulid\":\"\(storeID)\"}",
        ])
    func hostileTokens(text: String) async throws {
        #expect(throws: RelationshipStoreError.invalidContinuationToken) { try ContinuationToken(text) }
        #expect(throws: RelationshipStoreError.invalidContinuationToken) { try PageRequest(size: 1, from: text).token }
    }

    @Test("a token is read as it was written, and an empty text asks for the first page")
    func tokens() throws {
        let id = ULID()
        for token in [
            ContinuationToken.stores(after: id), .models(store: Self.storeID, before: id), .tuples(store: Self.storeID, after: .max),
            .changes(store: Self.storeID, after: 0, type: ""), .changes(store: Self.storeID, after: 7, type: "a/b/c"),
        ] {
            #expect(try ContinuationToken(token.text) == token)
        }
        #expect(try PageRequest(size: 1, from: "").token == nil)
    }

    @Test("pages are bounded whatever is asked for", arguments: [(Int.min, 1), (0, 1), (5, 5), (Int.max, 10_000)])
    func bounds(size: Int, rows: Int) {
        #expect(PageRequest(size: size).rows == rows)
    }
}

@Suite("ULIDs")
struct ULIDTests {
    @Test("ids grow with time, and within a millisecond, and when the clock goes back")
    func growing() throws {
        var last = ULID(at: Date(timeIntervalSince1970: 1000))
        for time in [1000, 1000, 2000, 1500, 0, -5, 3000.0] {
            let next = ULID(after: last, at: Date(timeIntervalSince1970: time))
            #expect(next.description > last.description)
            last = next
        }
    }

    @Test("an id is read as it was written; times are in its first ten characters")
    func text() throws {
        let id = ULID(at: Date(timeIntervalSince1970: 1_469_922_850.259))
        #expect(id.description.hasPrefix("01ARZ3NDEK"), "the example of the specification")
        #expect(id.description.utf8.count == 26)
        #expect(ULID(id.description) == id)
        #expect(ULID("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")?.description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
    }

    @Test(
        "other texts are no ids",
        arguments: [
            "", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVX", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAU",
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        ])
    func invalid(text: String) {
        #expect(ULID(text) == nil)
    }
}
