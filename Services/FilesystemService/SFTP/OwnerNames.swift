import GoldcrestSSH

/// The names of the owners in a listing.
struct OwnerNames: Sendable, Equatable {
    private(set) var users: [UInt32: String] = [:]
    private(set) var groups: [UInt32: String] = [:]

    /// The name, or the number where there is none, as `ls` shows it.
    func name(_ account: Account) -> String {
        self[account] ?? String(account.number)
    }

    subscript(_ account: Account) -> String? {
        get {
            switch account {
            case .user(let number): users[number]
            case .group(let number): groups[number]
            }
        }
        set {
            switch account {
            case .user(let number): users[number] = newValue
            case .group(let number): groups[number] = newValue
            }
        }
    }

    /// All that is known.
    var all: [(account: Account, name: String)] {
        users.map { (.user($0.key), $0.value) } + groups.map { (.group($0.key), $0.value) }
    }

    /// The owners of files whose names are not known.
    func unknown(in files: [ListedFile]) -> Set<Account> {
        var unknown: Set<Account> = []
        for file in files {
            if users[file.uid] == nil { unknown.insert(.user(file.uid)) }
            if groups[file.gid] == nil { unknown.insert(.group(file.gid)) }
        }
        return unknown
    }

    /// Takes the names from the text that the server shows for an entry. A number there may be one without a name, or a server that shows numbers.
    mutating func learn(from entry: SFTPEntry) {
        guard let owner = entry.attributes.owner, users[owner.uid] == nil || groups[owner.gid] == nil, let names = LongName(entry) else { return }
        if names.user != String(owner.uid) { users[owner.uid] = names.user }
        if names.group != String(owner.gid) { groups[owner.gid] = names.group }
    }

    mutating func add(_ others: OwnerNames) {
        users.merge(others.users) { known, _ in known }
        groups.merge(others.groups) { known, _ in known }
    }
}
