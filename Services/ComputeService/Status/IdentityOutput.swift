import GoldcrestProtocol
import NIOCore

/// What `id` prints: `uid=1000(ada) gid=1000(ada) groups=1000(ada),27(hpc)`.
enum IdentityOutput {
    /// - Returns: `nil` if the text is not of that form.
    static func userInfo(_ output: ByteBuffer, accounts: [UserInfo.Account]?) -> UserInfo? {
        let text = String(buffer: output)
        guard let user = identities("uid=", in: text).first, let group = identities("gid=", in: text).first else { return nil }
        return UserInfo(user: user, group: group, groups: identities("groups=", in: text), accounts: accounts)
    }

    /// The list behind a key; names may hold spaces, so it ends only where the next key begins.
    private static func identities(_ key: String, in text: String) -> [UserInfo.Identity] {
        guard let start = text.firstRange(of: key)?.upperBound else { return [] }
        let rest = text[start...]
        let end = [" gid=", " groups=", " context=", "\n"].compactMap { rest.firstRange(of: $0)?.lowerBound }.min() ?? rest.endIndex
        return rest[..<end].matches(of: #/([0-9]+)(?:\(([^)]*)\))?/#).map { match in
            UserInfo.Identity(id: String(match.1), name: match.2.map { String($0) } ?? String(match.1))
        }
    }
}
