/// An absolute URL of the web, checked just enough that nothing surprising can follow from it.
struct WebURL {
    /// Without slashes at its end.
    let text: String

    init?(_ text: String, schemes: [String] = ["http", "https"]) {
        guard let separator = text.firstRange(of: "://"), schemes.contains(text[..<separator.lowerBound].lowercased()),
            text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value != 0x7f })
        else { return nil }
        let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
        let hostAndPort = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard Self.isHostAndPort(hostAndPort) else { return nil }
        var end = text.endIndex
        while end > authority.endIndex, text[text.index(before: end)] == "/" { end = text.index(before: end) }
        self.text = String(text[..<end])
    }

    private static func isHostAndPort(_ text: Substring) -> Bool {
        guard let port = ListenAddress(String(text)) else {
            // Without a port: any port will do for the check.
            return !text.hasSuffix(":") && ListenAddress("\(text):1") != nil
        }
        return port.port > 0
    }

    /// A URL, or what should have been one, as it may be shown: without a user's name and password.
    static func shown(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return ConfigurationSection.quoted(text) }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        guard start <= at else { return ConfigurationSection.quoted(Secret.redacted) }
        return ConfigurationSection.quoted(text[..<start] + Secret.redacted + text[at...])
    }
}
