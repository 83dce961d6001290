import GoldcrestProtocol

/// A user's right to charge an account: an element of `GET /slurmdb/…/associations`.
struct RESTAssociation {
    private(set) var user: String?
    private var account = ""
    private var isDefault = false

    static func read(_ reader: inout JSONPullReader) throws -> RESTAssociation {
        var association = RESTAssociation()
        try reader.object { key, value in
            switch key {
            case "user": association.user = try value.slurmText()
            case "account": association.account = try value.string() ?? ""
            // 0.0.38 says 1.
            case "is_default": association.isDefault = try value.kind() == .number ? try value.integer() == 1 : try value.boolean() == true
            default: break
            }
        }
        return association
    }

    /// Several partitions or clusters make several associations of one account. The default one comes first, the others in the order of their names.
    static func accounts(_ associations: [RESTAssociation]) -> [UserInfo.Account] {
        let isDefault = associations.reduce(into: [String: Bool]()) { $0[$1.account] = $0[$1.account] == true || $1.isDefault }
        return isDefault.map { UserInfo.Account(name: $0.key, default: $0.value) }
            .sorted { ($0.default ? 0 : 1, $0.name) < ($1.default ? 0 : 1, $1.name) }
    }
}
