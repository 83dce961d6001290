import GoldcrestProtocol
import HTTPTypes

/// Who a file shall belong to; nil leaves the user or the group as it is. At least one of them is there.
struct Ownership: Sendable, Equatable {
    let user: String?
    let group: String?

    /// - Parameters:
    ///   - user: A name or a number; empty for none, as for `group`.
    /// - Throws: ``APIError`` 400 when both are missing, or one could be read as something else than a name.
    init(user: String?, group: String?) throws(APIError) {
        self.user = user?.isEmpty == true ? nil : user
        self.group = group?.isEmpty == true ? nil : group
        guard self.user != nil || self.group != nil else {
            throw APIError(.badRequest, "At least one of owner and group must be given")
        }
        try Self.requireName(self.user, field: "owner")
        try Self.requireName(self.group, field: "group")
        if self.group == nil, self.user?.utf8.contains(UInt8(ascii: ".")) == true {
            // chown(1) takes what stands behind a dot for a group where it finds no user of the whole name, unless there is a colon.
            throw Self.refusal("owner", "has a dot, so the group must be given too")
        }
    }

    /// What chown(1) takes: a user alone leaves the group as it is.
    var argument: String {
        (user ?? "") + (group.map { ":\($0)" } ?? "")
    }

    /// Names from directory services may hold nearly anything; these characters would make something else of them.
    private static func requireName(_ name: String?, field: String) throws(APIError) {
        guard let name else { return }
        let isName = name.utf8.count <= 256 && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.allSatisfy { $0 > 0x1F && $0 != 0x7F && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") }
        guard isName else {
            throw refusal(field, "must be a name or a number, without a dash at its beginning, colons, slashes and control characters")
        }
    }

    private static func refusal(_ field: String, _ message: String) -> APIError {
        APIError.validation([.init(location: .body, name: field, message: message)])
    }
}
