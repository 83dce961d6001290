import GoldcrestSSH
import GoldcrestShell
import NIOCore

/// Asks a system for the names behind numbers, by `getent` (getent(1)).
struct AccountLookup {
    /// For 1,000 names.
    static let outputLimit = 512 * 1024

    private let accounts: Set<Account>
    /// Separates the answers of the two databases.
    private let marker = "goldcrest-\(UInt64.random(in: .min ... .max))"

    init(_ accounts: Set<Account>) {
        self.accounts = accounts
    }

    var command: RemoteCommand {
        let users = accounts.filter { if case .user = $0 { true } else { false } }
        return .sequence([Self.query("passwd", users), Self.query("group", accounts.subtracting(users))], separatedBy: marker)
    }

    /// Name and number only: the line of a group has all its members. Without a number to look for, `getent` would show everything.
    private static func query(_ database: String, _ accounts: Set<Account>) -> RemoteCommand {
        guard !accounts.isEmpty else { return RemoteCommand("true") }
        return .pipeline([RemoteCommand("getent", arguments: [database] + accounts.map { "\($0.number)" }.sorted()), RemoteCommand("cut", "-d:", "-f1,3")])
    }

    /// Nil when the command did not come to its end.
    func names(in result: RemoteResult) -> OwnerNames? {
        let parts = result.parts(separatedBy: marker)
        guard parts.count == 2 else { return nil }
        var names = OwnerNames()
        let found = Self.lines(of: parts[0]).map { (Account.user($0.number), $0.name) } + Self.lines(of: parts[1]).map { (.group($0.number), $0.name) }
        for (account, name) in found where accounts.contains(account) { names[account] = name }
        return names
    }

    private static func lines(of part: RemoteResult) -> [(name: String, number: UInt32)] {
        part.standardOutput.readableBytesView.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let colon = line.lastIndex(of: UInt8(ascii: ":")), let number = UInt32(String(decoding: line[(colon + 1)...], as: UTF8.self)) else {
                return nil
            }
            return (String(decoding: line[..<colon], as: UTF8.self), number)
        }
    }
}
