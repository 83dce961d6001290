import GoldcrestConfiguration
import GoldcrestProtocol
import Testing

@Suite("Reading auth.authorization")
struct AuthorizationTests {
    private func load(_ section: String) throws -> Settings.Loaded {
        try Settings.load(yaml: ExampleYAML.minimal(replacing: "auth:\n", with: "auth:\n  authorization: {\(section)}\n"), path: "/etc/f7t.yaml")
    }

    private func authorization(_ section: String) throws -> Authorization {
        try #require(try load(section).settings.auth.authorization)
    }

    @Test("there are three sources", arguments: [
        ("url: http://authz/check", Authorization.Source.endpoint(url: "http://authz/check")),
        ("rebac: {model: model.fga, tuples: /data/tuples.yaml}", .rebac(.init(modelPath: "/etc/model.fga", tuplesPath: "/data/tuples.yaml"))),
        ("openfga: {url: 'http://[::1]:8080', store_id: s}", .openFGA(.init(url: "http://[::1]:8080", storeID: "s"))),
        ("required_scopes: {status: a}", nil),
    ])
    func sources(yaml: String, expected: Authorization.Source?) throws {
        let authorization = try authorization(yaml)
        #expect(authorization.source == expected)
        #expect(authorization.user == .init(claim: nil, type: "user", groups: nil))
        #expect(authorization.cacheLifetime == nil)
        #expect(authorization.timeout == .seconds(1))
        #expect(authorization.maxConnections == 100)
        for permission in APIRoute.Permission.allCases {
            #expect(authorization.check(for: permission) == .init(relation: "member", objectType: "vcluster"))
        }
    }

    @Test("the scopes of reading or writing are needed besides those of their group, its question is asked instead")
    func groups() throws {
        let authorization = try authorization(
            "url: 'http://a', required_scopes: {filesystem: a b, filesystem:write: [c, a], compute:read: d}, "
                + "checks: {compute: {relation: x}, compute:write: {object_type: y}}")
        #expect(authorization.requiredScopes == [.filesystemRead: ["a", "b"], .filesystemWrite: ["a", "b", "c"], .computeRead: ["d"]])
        #expect(authorization.checks == [.computeRead: .init(relation: "x"), .computeWrite: .init(objectType: "y")])
    }

    @Test("groups have the names that OpenFGA's examples have, unless told otherwise")
    func groupDefaults() throws {
        let user = try authorization("rebac: {model: m}, user: {groups: {claim: groups}}").user
        #expect(user == .init(groups: .init(claim: "groups", type: "group", relation: "member")))
    }

    @Test("a cache that nothing would be kept in is a warning", arguments: ["rebac: {model: m}", "required_scopes: {status: a}"])
    func uselessCache(source: String) throws {
        #expect(try load("\(source), cache: {seconds: 1}").warnings.contains { $0.hasPrefix("auth.authorization.cache: ") })
        #expect(try !load("url: 'http://a', cache: {seconds: 1}").warnings.contains { $0.contains("cache") })
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let section: String
        let path: String
        let found: String
        let expected: String
        var testDescription: String { section }

        init(_ section: String, _ path: String, found: String, expected: String) {
            self.section = section
            self.path = path
            self.found = found
            self.expected = expected
        }
    }

    @Test("a wrong value is told, where it is and what would be right", arguments: [
        Case("timeout: 3", "url", found: "nothing", expected: "exactly one"),
        Case("url: 'http://a', rebac: {model: m}", "rebac", found: "second source", expected: "exactly one"),
        Case("openfga: {url: 'http://a'}", "openfga.store_id", found: "nothing", expected: "store"),
        Case("openfga: {url: 'http://a', store_id: ../x}", "openfga.store_id", found: "“../x”", expected: "letters and digits"),
        Case("openfga: {url: 'http://a', store_id: s, model_id: 'a?b'}", "openfga.model_id", found: "“a?b”", expected: "letters and digits"),
        Case("rebac: {}", "rebac.model", found: "nothing", expected: "path"),
        Case("url: 'http://a', timeout: 0", "timeout", found: "“0”", expected: "seconds"),
        Case("url: 'http://a', cache: {}", "cache.seconds", found: "nothing", expected: "at most 10"),
        Case("url: 'http://a', cache: {seconds: 11}", "cache.seconds", found: "“11”", expected: "to 10"),
        Case("url: 'http://a', cache: 5", "cache", found: "", expected: "mapping"),
        Case("url: 'http://a', checks: {status: {relation: 'a b'}}", "checks.status.relation", found: "“a b”", expected: "at most 50"),
        Case("url: 'http://a', checks: {compute:read: {object_type: 'a:b'}}", "checks.“compute:read”.object_type", found: "“a:b”", expected: "at most 254"),
        Case(
            "url: 'http://a', checks: {status: {relation: \(String(repeating: "x", count: 51))}}", "checks.status.relation", found: "“xx",
            expected: "at most 50"),
        Case("url: 'http://a', user: {type: 'a#b'}", "user.type", found: "“a#b”", expected: "a name of the model"),
        Case("url: 'http://a', user: {groups: {claim: groups}}", "user", found: "groups", expected: "openfga or rebac"),
        Case("rebac: {model: m}, user: {groups: {}}", "user.groups.claim", found: "nothing", expected: "claim"),
        Case("rebac: {model: m}, user: {groups: {claim: c, relation: '*'}}", "user.groups.relation", found: "“*”", expected: "a name of the model"),
    ])
    func wrongValue(_ example: Case) {
        let error = #expect(throws: ConfigurationError.self) { try load(example.section) }
        let problems = error?.problems ?? []
        #expect(
            problems.contains {
                $0.path == "auth.authorization.\(example.path)" && $0.found.contains(example.found) && $0.expected.contains(example.expected)
            }, "\(problems)")
        #expect(problems.count == 1, "\(problems)")
    }

    @Test("the summary tells whom is asked what, and shows no secret")
    func summary() throws {
        func summary(_ section: String) throws -> String { try load(section).settings.summary.joined(separator: "\n") }
        let openFGA = try summary(
            "openfga: {url: 'http://name:hush-password@fga', store_id: s, token: hush-token}, cache: {seconds: 2}, "
                + "user: {claim: sub, groups: {claim: roles}}, checks: {status: {relation: viewer}}")
        #expect(openFGA.contains("the OpenFGA store s at http://**********@fga, model the newest"))
        #expect(openFGA.contains("  status: is user:<sub> viewer of vcluster:<system>?"))
        #expect(openFGA.contains("  compute:read, compute:write, filesystem:read, filesystem:write, transfer: is user:<sub> member of vcluster:<system>?"))
        #expect(openFGA.contains("groups from roles: user:… is member of group:…"))
        #expect(openFGA.contains("a yes is remembered for 2.0 seconds"))
        #expect(!openFGA.contains("hush"))
        let rebac = try summary("rebac: {model: /m.fga, tuples: /t.yaml, admin_token: hush-token, max_staleness: 60}")
        #expect(rebac.contains("by the gateway's own evaluator, model /m.fga, first tuples /t.yaml, for at most 60.0 seconds without the database"))
        #expect(rebac.contains("  is user:<preferred_username> member of vcluster:<system>?"))
        #expect(!rebac.contains("hush"))
    }
}
