import Testing

@testable import ReBAC

@Suite("An index of tuples")
struct TupleIndexTests {
    private static let texts = [
        "document:1#viewer@user:anne", "document:1#viewer@user:*", "document:1#viewer@group:eng#member", "document:1#owner@user:anne",
        "document:2#viewer@user:anne", "group:eng#member@user:anne", "group:anne#member@user:eng",
    ]

    @Test("knows the tuples that it was given, and no others")
    func contents() {
        let index = TupleIndex(TupleIndexTests.texts)
        #expect(index.count == TupleIndexTests.texts.count)
        for text in TupleIndexTests.texts { #expect(index[key(text)] == tuple(text)) }
        let others = [
            "document:1#viewer@user:eng", "document:1#viewer@group:eng", "document:1#viewer@group:*", "user:1#viewer@user:anne",
            "document:2#owner@user:anne",
        ]
        for text in others { #expect(index[key(text)] == nil) }
    }

    @Test("takes a tuple in the place of the one with the same key")
    func replacing() {
        var index = TupleIndex()
        let isNew = index.insert(tuple("document:1#viewer@user:anne"))
        let isNewAgain = index.insert(tuple("document:1#viewer@user:anne", when: "open", ["x": .bool(true)]))
        #expect(isNew && !isNewAgain && index.count == 1 && index[key("document:1#viewer@user:anne")]?.condition?.name == "open")
        index.insert(tuple("document:1#viewer@user:anne"))
        #expect(index[key("document:1#viewer@user:anne")] == tuple("document:1#viewer@user:anne"))
    }

    @Test("forgets a tuple with its condition and its names")
    func removing() {
        var index = TupleIndex()
        index.insert(tuple("document:1#viewer@user:anne", when: "open"))
        index.insert(tuple("document:2#viewer@user:anne"))
        let wasThere = index.remove(key("document:1#viewer@user:anne"))
        let isStillThere = index.remove(key("document:1#viewer@user:anne"))
        #expect(wasThere && !isStillThere)
        #expect(index.count == 1 && index.names.count == 2 && index.references.count == 2 && index.conditions.isEmpty)
        #expect(index.name("1") == NameTable.unknown)
        index.insert(tuple("document:1#viewer@user:anne"))
        #expect(index[key("document:1#viewer@user:anne")]?.condition == nil)
        index.remove(key("document:1#viewer@user:anne"))
        index.remove(key("document:2#viewer@user:anne"))
        #expect(index.isEmpty && index.reverse.isEmpty && index.names.count == 0 && index.references.count == 0)
    }

    @Test("stays as it is for whoever has a copy, and reads it on")
    func snapshots() {
        var index = TupleIndex(TupleIndexTests.texts)
        let snapshot = index
        for text in TupleIndexTests.texts { index.remove(key(text)) }
        for number in 0..<1_000 { index.insert(tuple("file:\(number)#reader@person:\(number)")) }
        #expect(snapshot.count == TupleIndexTests.texts.count && snapshot[key(TupleIndexTests.texts[2])] != nil)
        #expect(snapshot[key("file:1#reader@person:1")] == nil && index[key(TupleIndexTests.texts[2])] == nil && index.count == 1_000)
    }

    @Test("is read by object and by user")
    func reading() {
        let index = TupleIndex(TupleIndexTests.texts)
        func texts(_ tuples: IndexedTuples) -> Set<String> { Set(tuples.map { index.key(of: $0).description }) }
        let viewer = index.reference("document#viewer")
        #expect(texts(index.tuples(relation: viewer, object: index.name("1"))) == Set(TupleIndexTests.texts.prefix(3)))
        #expect(texts(index.tuples(relation: viewer, object: index.name("1"), kind: index.reference("user:*"))) == [TupleIndexTests.texts[1]])
        #expect(texts(index.tuples(relation: viewer)) == Set([0, 1, 2, 4].map { TupleIndexTests.texts[$0] }))
        let user = index.reference("user")
        #expect(texts(index.tuples(kind: user, user: index.name("anne"))) == Set([0, 3, 4, 5].map { TupleIndexTests.texts[$0] }))
        #expect(texts(index.tuples(kind: user, user: index.name("anne"), relation: viewer)) == [TupleIndexTests.texts[0], TupleIndexTests.texts[4]])
        #expect(texts(index.tuples(kind: index.reference("group#member"), user: index.name("eng"))) == [TupleIndexTests.texts[2]])
        #expect(texts(index.tuples(relation: index.reference("nothing#there"), object: index.name("1"))).isEmpty)
    }
}
