/// What a ``SortedTree`` holds: an element that is found by its key.
protocol Keyed: Sendable {
    associatedtype Key: Comparable & Sendable
    var key: Key { get }
}

/// A sorted collection of elements with distinct keys, of which a copy costs nothing: copies share what they have in common.
///
/// It is a B+ tree of arrays, each of which is copied when a tree that is not its only owner changes it. Elements lie close together in the leaves,
/// so a small element costs little more than its own size, what belongs together is read from one place, and the order is always the same.
struct SortedTree<Element: Keyed>: Sendable {
    private var root = Node()
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    subscript(key: Element.Key) -> Element? { root.find(key) }

    func contains(_ key: Element.Key) -> Bool { root.find(key) != nil }

    /// Adds an element in the place of the one with the same key.
    ///
    /// - Returns: The one that was there.
    @discardableResult
    mutating func insert(_ element: Element) -> Element? {
        let (replaced, sibling) = root.insert(element)
        if let sibling {
            let low = sibling.low
            root = Node(children: [root, sibling.node], lows: [low, low])
        }
        if replaced == nil { count += 1 }
        return replaced
    }

    /// - Returns: What was there.
    @discardableResult
    mutating func remove(_ key: Element.Key) -> Element? {
        guard contains(key), let removed = root.remove(key) else { return nil }
        while root.children.count == 1 { root = root.children[0] }
        count -= 1
        return removed
    }

    /// The elements from a key on, in order.
    func elements(from key: Element.Key) -> Elements { Elements(root: root, from: key) }

    /// Elements of a tree as it was when they were asked for.
    struct Elements: Sequence, IteratorProtocol {
        private let root: Node
        private var leaf: ContiguousArray<Element>
        private var index: Int
        /// The lowest key that belongs to a later leaf.
        private var end: Element.Key?

        fileprivate init(root: Node, from key: Element.Key) {
            self.root = root
            (leaf, end) = root.leaf(of: key, before: nil)
            index = leaf.position(of: key)
        }

        mutating func next() -> Element? {
            while index == leaf.count {
                guard let end else { return nil }
                (leaf, self.end) = root.leaf(of: end, before: nil)
                index = 0
            }
            defer { index += 1 }
            return leaf[index]
        }
    }
}

extension SortedTree {
    /// A leaf with elements, or an inner node with children. All leaves are equally deep.
    fileprivate struct Node: Sendable {
        typealias Sibling = (node: Node, low: Element.Key)

        /// How many elements or children a node has at most. More make trees flatter, and copies of nodes dearer.
        static var capacity: Int { 124 }
        /// A node with fewer is joined with its neighbour if both fit into one with some room left.
        static var minimum: Int { capacity / 4 }

        var elements: ContiguousArray<Element> = []
        var children: ContiguousArray<Node> = []
        /// For each child a key that none of its own is below and all of the child before are. The first one counts as below everything.
        var lows: ContiguousArray<Element.Key> = []

        init() {}

        init(elements: ContiguousArray<Element>) { self.elements = elements }

        init(children: ContiguousArray<Node>, lows: ContiguousArray<Element.Key>) {
            self.children = children
            self.lows = lows
        }

        var isLeaf: Bool { children.isEmpty }
        var count: Int { isLeaf ? elements.count : children.count }

        /// Which child of an inner node a key belongs to.
        func child(of key: Element.Key) -> Int {
            var low = 1
            var high = lows.count
            while low < high {
                let middle = (low + high) / 2
                if lows[middle] <= key { low = middle + 1 } else { high = middle }
            }
            return low - 1
        }

        func find(_ key: Element.Key) -> Element? {
            guard isLeaf else { return children[child(of: key)].find(key) }
            let index = elements.position(of: key)
            guard index < elements.count, elements[index].key == key else { return nil }
            return elements[index]
        }

        /// The elements of the leaf that a key belongs to, and the lowest key that belongs to a later leaf.
        func leaf(of key: Element.Key, before end: Element.Key?) -> (ContiguousArray<Element>, Element.Key?) {
            guard !isLeaf else { return (elements, end) }
            let index = child(of: key)
            return children[index].leaf(of: key, before: index + 1 < lows.count ? lows[index + 1] : end)
        }

        // MARK: - Changes

        /// - Returns: The element replaced; and what did not fit, to stand behind this node.
        mutating func insert(_ element: Element) -> (replaced: Element?, sibling: Sibling?) {
            guard !isLeaf else { return insertIntoLeaf(element) }
            let index = child(of: element.key)
            let (replaced, child) = children[index].insert(element)
            guard let child else { return (replaced, nil) }
            let place = index + 1
            guard children.count == Node.capacity else {
                children.insert(child.node, at: place)
                lows.insert(child.low, at: place)
                return (replaced, nil)
            }
            guard place < children.count else { return (replaced, (Node(children: [child.node], lows: [child.low]), child.low)) }
            let half = children.count / 2
            var upper = Node(children: ContiguousArray(children[half...]), lows: ContiguousArray(lows[half...]))
            children.removeSubrange(half...)
            lows.removeSubrange(half...)
            let low = upper.lows[0]
            if place <= half {
                children.insert(child.node, at: place)
                lows.insert(child.low, at: place)
            } else {
                upper.children.insert(child.node, at: place - half)
                upper.lows.insert(child.low, at: place - half)
            }
            return (replaced, (upper, low))
        }

        private mutating func insertIntoLeaf(_ element: Element) -> (replaced: Element?, sibling: Sibling?) {
            let index = elements.position(of: element.key)
            if index < elements.count, elements[index].key == element.key {
                let replaced = elements[index]
                elements[index] = element
                return (replaced, nil)
            }
            guard elements.count == Node.capacity else {
                elements.insert(element, at: index)
                return (nil, nil)
            }
            // Where elements come in ascending order the nodes they leave behind stay full.
            guard index < elements.count else { return (nil, (Node(elements: [element]), element.key)) }
            let half = elements.count / 2
            var upper = ContiguousArray(elements[half...])
            elements.removeSubrange(half...)
            let low = upper[0].key
            if index <= half { elements.insert(element, at: index) } else { upper.insert(element, at: index - half) }
            return (nil, (Node(elements: upper), low))
        }

        mutating func remove(_ key: Element.Key) -> Element? {
            if isLeaf {
                let index = elements.position(of: key)
                guard index < elements.count, elements[index].key == key else { return nil }
                return elements.remove(at: index)
            }
            let index = child(of: key)
            let removed = children[index].remove(key)
            if children[index].count < Node.minimum { joinChild(index) }
            return removed
        }

        /// Joins a child with the one behind it, or before it if it is the last.
        private mutating func joinChild(_ index: Int) {
            guard children.count > 1 else { return }
            let first = min(index, children.count - 2)
            let joint = children[first].count + children[first + 1].count
            guard joint <= Node.capacity - Node.minimum || children[first + 1].count == 0 else { return }
            let second = children.remove(at: first + 1)
            let low = lows.remove(at: first + 1)
            children[first].append(second, low: low)
        }

        private mutating func append(_ node: Node, low: Element.Key) {
            elements += node.elements
            children += node.children
            guard !node.lows.isEmpty else { return }
            lows.append(low)
            lows += node.lows.dropFirst()
        }
    }
}

extension ContiguousArray where Element: Keyed {
    /// Where the first element is that is not below the key.
    fileprivate func position(of key: Element.Key) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
