/// Numbers for names, so that a name is kept once however many tuples have it.
///
/// A name has its number as long as something uses it; then the number goes to another name, so the table is never larger than the most names it
/// had at one time. Names are told apart by their bytes, as OpenFGA does, and not as Swift compares strings, where `é` written as one character
/// equals `é` written as two. A copy is a snapshot.
struct NameTable: Sendable {
    typealias ID = UInt32

    /// A number that no name ever has.
    static let unknown = ID.max
    /// Another one.
    static let otherUnknown = ID.max - 1

    private struct Entry: Keyed {
        let key: ID
        /// By how many the name is used; of a free number the next free one.
        var uses: UInt32
        var name: String
    }

    private struct HashedName: Keyed {
        /// The hash in the upper half, the number in the lower.
        let key: UInt64

        init(hash: UInt32, id: ID) { key = UInt64(hash) << 32 | UInt64(id) }

        var hash: UInt32 { UInt32(key >> 32) }
        var id: ID { ID(truncatingIfNeeded: key) }
    }

    private var entries = SortedTree<Entry>()
    private var numbers = SortedTree<HashedName>()
    /// The first of the free numbers, each of which names the next.
    private var free = NameTable.unknown

    /// How many names are in use.
    var count: Int { numbers.count }

    /// - Returns: Its number, or nil if nothing uses it.
    func id(of name: String) -> ID? { id(of: name, hash: NameTable.hash(name)) }

    /// - Returns: The name with the number; an empty one if there is none.
    func name(of id: ID) -> String { entries[id]?.name ?? "" }

    /// Counts one more use of a name.
    ///
    /// - Returns: Its number.
    mutating func use(_ name: String) -> ID {
        let hash = NameTable.hash(name)
        if let id = id(of: name, hash: hash), var entry = entries[id] {
            entry.uses += 1
            entries.insert(entry)
            return id
        }
        let id: ID
        if let entry = entries[free] {
            id = free
            free = entry.uses
        } else {
            id = ID(entries.count)
        }
        entries.insert(Entry(key: id, uses: 1, name: name))
        numbers.insert(HashedName(hash: hash, id: id))
        return id
    }

    /// Counts one use less. After the last one the number may go to another name.
    mutating func release(_ id: ID) {
        guard var entry = entries[id] else { return }
        entry.uses -= 1
        if entry.uses == 0 {
            numbers.remove(HashedName(hash: NameTable.hash(entry.name), id: id).key)
            entry.uses = free
            entry.name = ""
            free = id
        }
        entries.insert(entry)
    }

    private func id(of name: String, hash: UInt32) -> ID? {
        for candidate in numbers.elements(from: HashedName(hash: hash, id: 0).key) {
            guard candidate.hash == hash else { return nil }
            if let entry = entries[candidate.id], entry.name.hasSameBytes(as: name) { return candidate.id }
        }
        return nil
    }

    /// Seeded anew in each process, so nobody can choose names that collide.
    private static func hash(_ name: String) -> UInt32 {
        var hasher = Hasher()
        var name = name
        name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }
}

extension String {
    /// Whether the text consists of the same bytes as another. Swift's own comparison also takes for equal what Unicode calls equivalent.
    func hasSameBytes(as other: String) -> Bool {
        // Of ASCII alone, and as long, they are the same if Swift takes them for equal, which it then finds out at once.
        utf8.count == other.utf8.count && self == other && (utf8Span.isKnownASCII || utf8.elementsEqual(other.utf8))
    }
}
