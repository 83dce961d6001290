import GoldcrestProtocol

/// What the back ends need not agree on, and why. The tests also fail when they agree on it after all.
struct Difference: Sendable {
    let reason: String
    let concerns: @Sendable (FileRequest) -> Bool
    /// Takes the difference out of an answer.
    var align: @Sendable (inout ComparableAnswer) -> Void = { _ in }
    /// Takes the difference out of what is there after a change.
    var alignState: @Sendable (inout [String]) -> Void = { _ in }

    static let all = [times, accessControlLists, ownersOfReplaced]

    private static let times = Difference(
        reason: "SFTP's times are unsigned numbers of 32 bits (draft-ietf-secsh-filexfer-02, section 5): one before 1970 is another's after 2038",
        concerns: { $0.operation == "ls" && $0.shows("times") },
        align: { answer in
            answer.changeEntries { entry in
                if case .string(let name)? = entry["name"], name.hasSuffix("1965-01-01 00:00:00") { entry["lastModified"] = nil }
            }
        })

    private static let accessControlLists = Difference(
        reason: "SFTP tells nothing of access control lists, which `ls` marks by a plus sign behind the permissions",
        concerns: { $0.operation == "ls" && ($0.shows("acl") || $0.pathText.isEmpty) },
        align: { answer in
            answer.changeEntries { entry in
                if case .string(let permissions)? = entry["permissions"], permissions.hasSuffix("+") { entry["permissions"] = .string(String(permissions.dropLast())) }
            }
        })

    private static let ownersOfReplaced = Difference(
        reason: """
            SFTP does not tell who the user is. That shows only in what the user makes beside a file that is to be replaced, which changes the time of the \
            directory even where the file is then written in place
            """,
        concerns: { $0.operation == "upload" && ExampleTree.foreignNames.contains(String(decoding: $0.file?.name ?? [], as: UTF8.self)) },
        alignState: { lines in lines = lines.map { $0.contains("|d|") ? $0.replacing(/\|(then|now)$/, with: "") : $0 } })
}

extension FileRequest {
    fileprivate var pathText: String { String(decoding: path ?? [], as: UTF8.self) }

    /// Whether a listing has what is there in the tree.
    fileprivate func shows(_ name: String) -> Bool {
        pathText == name || pathText.hasPrefix("\(name)/") || pathText.isEmpty && query["recursive"] == "true"
    }
}
