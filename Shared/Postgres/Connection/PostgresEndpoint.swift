import CLibPQ

/// Where the database is and how to log in there.
///
/// Its description and its mirror show everything but the password and the text it came from.
struct PostgresEndpoint: Sendable, CustomStringConvertible, CustomReflectable {
    private let url: String
    let applicationName: String
    /// `user@host:port/database`, for messages.
    let description: String

    /// - Parameter url: `postgresql://user:password@host:port/name`, or another connection string that libpq takes.
    init(url: String, applicationName: String) {
        self.url = url
        self.applicationName = applicationName
        description = Self.describe(url) ?? "an unreadable connection URL"
    }

    var customMirror: Mirror { Mirror(self, children: ["endpoint": description]) }

    /// - Throws: ``PostgresError`` when libpq cannot read the URL. libpq's own message is left out, since it quotes pieces of the URL.
    func validate() throws {
        guard !url.isEmpty, !url.utf8.contains(0), Self.describe(url) != nil else {
            throw PostgresError(
                .connectionFailed, "The database's URL is not one.",
                hint: "DATABASE_URL reads postgresql://user:password@host:port/name; percent-encode special characters in the password.")
        }
    }

    /// The keywords and values for `PQconnectStartParams`. Those before the URL are defaults which the URL can change, those behind it are not.
    var parameters: [(keyword: String, value: String)] {
        [
            ("fallback_application_name", applicationName),
            // A peer that vanished without a word is noticed within a minute.
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
    }

    private static func describe(_ url: String) -> String? {
        guard let options = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { found[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let host = found["host"] ?? found["hostaddr"] ?? "localhost"
        let user = found["user"].map { "\($0)@" } ?? ""
        return "\(user)\(host):\(found["port"] ?? "5432")/\(found["dbname"] ?? found["user"] ?? "")"
    }
}
