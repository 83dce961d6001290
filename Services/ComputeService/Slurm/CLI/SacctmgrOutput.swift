import GoldcrestProtocol
import NIOCore

/// What `sacctmgr show user … withassoc` prints: a row for each association, the default account in front.
enum SacctmgrOutput {
    static func accounts(_ output: ByteBuffer) -> [UserInfo.Account] {
        var accounts: [UserInfo.Account] = []
        for line in String(buffer: output).split(separator: "\n") {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            // Several partitions or clusters make several associations of one account.
            guard fields.count == 2, !fields[1].isEmpty, !accounts.contains(where: { $0.name == fields[1] }) else { continue }
            accounts.append(UserInfo.Account(name: String(fields[1]), default: fields[0] == fields[1]))
        }
        return accounts
    }
}
