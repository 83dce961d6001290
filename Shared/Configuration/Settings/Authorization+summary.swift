import GoldcrestProtocol

extension Authorization {
    /// Who decides, what is asked, and which scopes are needed.
    ///
    /// - Parameter username: The claim with users' names on the systems.
    func summary(username: String) -> [String] {
        var lines = ["authorization: \(sourceSummary)"]
        if source != nil {
            lines += checksSummary(username: username).map { "  " + $0 }
            if let groups = user.groups {
                lines.append("  groups from \(groups.claim): \(user.type):… is \(groups.relation) of \(groups.type):…")
            }
            if case .rebac = source {} else if let cacheLifetime { lines.append("  a yes is remembered for \(cacheLifetime)") }
        }
        for permission in APIRoute.Permission.allCases {
            guard let scopes = requiredScopes[permission] else { continue }
            lines.append("  \(permission.rawValue) needs the scopes \(scopes.joined(separator: ", "))")
        }
        return lines
    }

    private var sourceSummary: String {
        switch source {
        case .endpoint(let url): "asks \(Settings.withoutCredentials(url))"
        case .openFGA(let server):
            "asks the OpenFGA store \(server.storeID) at \(Settings.withoutCredentials(server.url)), model \(server.modelID ?? "the newest")"
        case .rebac(let files):
            "by the gateway's own evaluator, model \(files.modelPath)\(files.tuplesPath.map { ", first tuples \($0)" } ?? "")"
                + ", for at most \(files.maxStaleness) without the database"
        case nil: "by scopes only"
        }
    }

    /// The questions, each with the permissions that it is asked for.
    private func checksSummary(username: String) -> [String] {
        var questions: [(text: String, permissions: [String])] = []
        for permission in APIRoute.Permission.allCases {
            let check = check(for: permission)
            let text = "is \(user.type):<\(user.claim ?? username)> \(check.relation) of \(check.objectType):<system>?"
            if let known = questions.firstIndex(where: { $0.text == text }) {
                questions[known].permissions.append(permission.rawValue)
            } else {
                questions.append((text, [permission.rawValue]))
            }
        }
        return questions.map { $0.permissions.count == APIRoute.Permission.allCases.count ? $0.text : "\($0.permissions.joined(separator: ", ")): \($0.text)" }
    }
}
