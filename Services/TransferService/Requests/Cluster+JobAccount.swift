import GoldcrestConfiguration

extension Cluster {
    /// Why a transfer's job cannot be charged to an account. That stands in a line of the job's script: it is a name, not text.
    func problem(withAccount account: String?) -> String? {
        guard let account else { return dataOperation.requiresAccount ? "is required by transfers on \(name)" : nil }
        let isName = (1...128).contains(account.utf8.count) && account.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "+"):
                true
            default: false
            }
        }
        return isName ? nil : "must be a name of letters, digits and _-.@+"
    }
}
