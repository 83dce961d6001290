import Testing

@testable import ReBAC

@Suite("A sorted tree")
struct SortedTreeTests {
    private struct Item: Keyed, Equatable {
        let key: Int
        var value: Int
    }

    /// Enough for several levels.
    private static let count = 20_000

    private static func tree(_ keys: some Sequence<Int>) -> SortedTree<Item> {
        var tree = SortedTree<Item>()
        for key in keys { tree.insert(Item(key: key, value: key)) }
        return tree
    }

    private static let orders: [[Int]] = [Array(0..<count), (0..<count).reversed(), (0..<count).map { $0 * 7_919 % count }]

    @Test("finds everything again, in order, however it was filled", arguments: orders)
    func filling(order: [Int]) {
        let tree = SortedTreeTests.tree(order)
        #expect(tree.count == SortedTreeTests.count)
        #expect(tree.elements(from: 0).map(\.key) == Array(0..<SortedTreeTests.count))
        #expect(order.allSatisfy { tree[$0]?.value == $0 })
        #expect(tree[-1] == nil && tree[SortedTreeTests.count] == nil)
    }

    @Test("gives what comes from a key on, whether or not the key is there", arguments: [0, 123, 124, 125, 5_001, 19_999, 20_000])
    func ranges(start: Int) {
        let tree = SortedTreeTests.tree((0..<SortedTreeTests.count / 2).map { $0 * 2 })
        let expected = (start + start % 2)..<SortedTreeTests.count
        #expect(tree.elements(from: start).map(\.key) == expected.filter { $0.isMultiple(of: 2) })
    }

    @Test("replaces an element with the same key, and says which")
    func replacing() {
        var tree = SortedTreeTests.tree(0..<10)
        let replaced = tree.insert(Item(key: 5, value: 50))
        let replacedByNew = tree.insert(Item(key: 10, value: 10))
        #expect(replaced == Item(key: 5, value: 5) && replacedByNew == nil)
        #expect(tree.count == 11 && tree[5]?.value == 50)
    }

    @Test("removes in any order until nothing is left, and can be filled again", arguments: orders)
    func removing(order: [Int]) {
        var tree = SortedTreeTests.tree(0..<SortedTreeTests.count)
        let removed = order.prefix(SortedTreeTests.count - 100).map { tree.remove($0)?.key }
        #expect(removed == order.dropLast(100))
        let missing = tree.remove(order[0])
        #expect(missing == nil)
        #expect(tree.elements(from: .min).map(\.key) == order.suffix(100).sorted())
        for key in order.suffix(100) { tree.remove(key) }
        #expect(tree.isEmpty && tree.elements(from: .min).map(\.key).isEmpty)
        tree.insert(Item(key: 1, value: 1))
        #expect(tree[1]?.value == 1)
    }

    @Test("agrees with a dictionary through random changes", arguments: [1, 2, 3])
    func randomChanges(seed: Int) {
        var tree = SortedTree<Item>()
        var dictionary: [Int: Int] = [:]
        var disagreements = 0
        for step in 0..<40_000 {
            let bits = UInt64(truncatingIfNeeded: step &* 31 &+ seed) &* 0x9E37_79B9_7F4A_7C15
            let key = Int(bits >> 50)
            // First it mostly grows, then it mostly shrinks.
            if bits >> 20 % 8 < (step < 20_000 ? 6 : 2) {
                let replaced = tree.insert(Item(key: key, value: step))?.value
                let expected = dictionary.updateValue(step, forKey: key)
                if replaced != expected { disagreements += 1 }
            } else {
                let removed = tree.remove(key)?.value
                let expected = dictionary.removeValue(forKey: key)
                if removed != expected { disagreements += 1 }
            }
        }
        #expect(disagreements == 0 && tree.count == dictionary.count)
        #expect(tree.elements(from: .min).map(\.key) == dictionary.keys.sorted())
    }

    @Test("stays as it is for whoever has a copy")
    func snapshots() {
        var tree = SortedTreeTests.tree(0..<SortedTreeTests.count)
        let snapshot = tree
        let elements = tree.elements(from: 0)
        for key in 0..<SortedTreeTests.count where key % 3 == 0 { tree.remove(key) }
        for key in 0..<SortedTreeTests.count where key % 3 == 1 { tree.insert(Item(key: key, value: -1)) }
        #expect(snapshot.count == SortedTreeTests.count)
        #expect(snapshot.elements(from: 0).allSatisfy { $0.key == $0.value })
        #expect(elements.map(\.key) == Array(0..<SortedTreeTests.count))
        #expect(tree[0] == nil && tree[1]?.value == -1 && tree[2]?.value == 2)
    }
}
