import GoldcrestConfiguration
import Testing

@Suite("Problems of settings")
struct SettingsProblemTests {
    private func problems(_ yaml: String) -> [ConfigurationError.Problem] {
        do {
            _ = try Settings.load(yaml: yaml, path: "/etc/f7t.yaml")
            return []
        } catch {
            return error.problems
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var old: String
        var new: String
        var path: String
        var found: String
        var expected: String
        var testDescription: String { new }

        init(_ old: String, _ new: String, _ path: String, found: String, expected: String) {
            self.old = old
            self.new = new
            self.path = path
            self.found = found
            self.expected = expected
        }
    }

    @Test("a wrong value is told with its path as written, what was found and what is expected", arguments: [
        Case("host: login", "host: login, port: 0", "clusters[0].ssh.port", found: "“0”", expected: "from 1 to 65535"),
        Case("host: login", "host: login, port: 65536", "clusters[0].ssh.port", found: "“65536”", expected: "from 1 to 65535"),
        Case("host: login", "host: login, maxClients: many", "clusters[0].ssh.maxClients", found: "“many”", expected: "whole number"),
        Case("host: login", "host: login, proxyPort: [1]", "clusters[0].ssh.proxyPort", found: "a list", expected: "whole number"),
        Case("{host: login}", "{port: 22}", "clusters[0].ssh.host", found: "nothing", expected: "host"),
        Case("{host: login}", "[host, login]", "clusters[0].ssh", found: "a list", expected: "a mapping"),
        Case("host: login", "host: 'a b'", "clusters[0].ssh.host", found: "“a b”", expected: "host"),
        Case("host: login", "host: -oProxyCommand=x", "clusters[0].ssh.host", found: "“-oProxy", expected: "host"),
        Case("host: login", "host: login, timeout: {login: -1}", "clusters[0].ssh.timeout.login", found: "“-1”", expected: "seconds from"),
        Case("host: login", "host: login, timeout: {keep_alive: nan}", "clusters[0].ssh.timeout.keep_alive", found: "“nan”", expected: "seconds"),
        Case("host: login", "host: login, timeout: {login: 1e999}", "clusters[0].ssh.timeout.login", found: "“1e999”", expected: "seconds"),
        Case("type: slurm", "type: Slurm", "clusters[0].scheduler.type", found: "“Slurm”", expected: "one of slurm, pbs"),
        Case("type: slurm, ", "", "clusters[0].scheduler.type", found: "nothing", expected: "one of slurm, pbs"),
        Case("version: 24.11", "version: 24.11, connection_mode: rest", "clusters[0].scheduler.api_url", found: "nothing", expected: "slurmrestd"),
        Case("type: slurm", "type: pbs, connectionMode: hybrid", "clusters[0].scheduler.connectionMode", found: "“hybrid”", expected: "ssh"),
        Case("version: 24.11", "version: 1, api_url: 'ftp://x'", "clusters[0].scheduler.api_url", found: "“ftp://x”", expected: "http"),
        Case("version: 24.11", "version: 1, api_url: 'http://x:0'", "clusters[0].scheduler.api_url", found: "“http://x:0”", expected: "http"),
        Case("version: 24.11", "version: 1, api_url: 'http://'", "clusters[0].scheduler.api_url", found: "“http://”", expected: "http"),
        Case("name: c", "name: c/d", "clusters[0].name", found: "“c/d”", expected: "name"),
        Case("name: c", "name: ''", "clusters[0].name", found: "nothing", expected: "name"),
        Case("name: c", "name: c\n    file_systems: [{path: rel, data_type: users}]", "clusters[0].file_systems[0].path", found: "“rel”", expected: "absolute"),
        Case("name: c", "name: c\n    fileSystems: [{path: /a, dataType: tape}]", "clusters[0].fileSystems[0].dataType", found: "“tape”", expected: "one of users, store"),
        Case("name: c", "name: c\n    probing: {services: {ssh: {}}}", "clusters[0].service_account", found: "nothing", expected: "client_id"),
        Case("name: c", "name: c\n    probing: {interval: 0}", "clusters[0].probing.interval", found: "“0”", expected: "seconds"),
        Case("name: c", "name: c\n    timezone: '../x'", "clusters[0].timezone", found: "“../x”", expected: "time zone"),
        Case("name: c", "name: c\n    file_access: scp", "clusters[0].file_access", found: "“scp”", expected: "one of auto, sftp, exec"),
        Case("name: c", "name: c\n    data_operation: {max_ops_file_size: 0}", "clusters[0].data_operation.max_ops_file_size", found: "“0”", expected: "1 or more"),
        Case("name: c", "name: c\n    data_operation: {datatransfer_jobs_directives: [\"a\\nb\"]}", "clusters[0].data_operation.datatransfer_jobs_directives[0]", found: "“a\\nb”", expected: "one line"),
        Case("name: c", "name: c\n    service_account: {client_id: a, secret: b}\n    data_operation: {data_transfer: {service_type: ftp}}", "clusters[0].data_operation.data_transfer.service_type", found: "“ftp”", expected: "one of s3, streamer, wormhole"),
        Case("name: c", "name: c\n    service_account: {client_id: a, secret: b}\n    data_operation: {data_transfer: {service_type: streamer, port_range: [9, 3]}}", "clusters[0].data_operation.data_transfer.port_range", found: "[9, 3]", expected: "two ports"),
        Case("name: c", "name: c\n    service_account: {client_id: a, secret: b}\n    data_operation: {data_transfer: {service_type: wormhole, relay_url: 'http://x'}}", "clusters[0].data_operation.data_transfer.relay_url", found: "“http://x”", expected: "a ws or wss URL"),
        Case("name: c", "name: c\n    service_account: {client_id: a, secret: b}\n    data_operation: {data_transfer: {service_type: wormhole, transit_helper: 'x:1'}}", "clusters[0].data_operation.data_transfer.transit_helper", found: "“x:1”", expected: "tcp:HOST:PORT"),
        Case("name: c", "name: c\n    service_account: {client_id: a, secret: b}\n    data_operation: {data_transfer: {service_type: wormhole, transit_helper: 'tcp:x:0'}}", "clusters[0].data_operation.data_transfer.transit_helper", found: "“tcp:x:0”", expected: "tcp:HOST:PORT"),
        Case("name: c", "name: c\n    data_operation: {data_transfer: {service_type: wormhole}}", "clusters[0].service_account", found: "nothing", expected: "client_id"),
        Case("type: SSHCA", "type: sshca", "ssh_credentials.type", found: "“sshca”", expected: "one of SSHStaticKeys, SSHService, SSHCA"),
        Case("type: SSHCA, url: http://ca/", "type: SSHStaticKeys", "ssh_credentials.keys", found: "nothing", expected: "user names"),
        Case("type: SSHCA, url: http://ca/", "type: SSHService", "ssh_credentials.url", found: "nothing", expected: "http"),
        Case("public_certs: [http://idp/certs]", "public_certs: [a]\n    publicCerts: ['gopher://x']", "auth.authentication.publicCerts", found: "same setting", expected: "only one"),
        Case("[http://idp/certs]", "[]", "auth.authentication.public_certs", found: "nothing", expected: "at least one"),
        Case("[http://idp/certs]", "['gopher://x']", "auth.authentication.public_certs[0]", found: "“gopher://x”", expected: "JWKS"),
        Case("public_certs: [http://idp/certs]", "username_claim: sub", "auth.authentication.public_certs", found: "nothing", expected: "at least one"),
        Case("[http://idp/certs]", "[http://idp/certs]\n    jwk_algorithm: none", "auth.authentication.jwk_algorithm", found: "“none”", expected: "RS256"),
        Case("auth:\n", "apis_root_path: hpc\nauth:\n", "apis_root_path", found: "“hpc”", expected: "path"),
        Case("auth:\n", "app_debug: maybe\nauth:\n", "app_debug", found: "“maybe”", expected: "true or false"),
    ])
    func wrongValue(_ example: Case) {
        let problems = problems(ExampleYAML.minimal(replacing: example.old, with: example.new))
        #expect(
            problems.contains { $0.path == example.path && $0.found.contains(example.found) && $0.expected.contains(example.expected) },
            "\(problems)")
        #expect(problems.count == 1, "\(problems)")
    }

    @Test("all problems are told at once, each with its line")
    func allAtOnce() {
        let problems = problems("""
            auth: {authentication: {token_url: 7, public_certs: x}}
            ssh_credentials: {}
            clusters:
              - name: a
                ssh: {port: 70000}
                scheduler: {type: lsf}
              - name: A
                ssh: {host: h}
                scheduler: {type: slurm, version: 1}
            """)
        #expect(problems.map(\.path) == [
            "auth.authentication.token_url", "auth.authentication.public_certs", "ssh_credentials.type", "clusters[0].ssh.host",
            "clusters[0].ssh.port", "clusters[0].scheduler.type", "clusters[0].scheduler.version", "clusters[1].name",
        ])
        #expect(problems.map(\.line) == [1, 1, 2, 5, 5, 6, 6, 7])
        #expect(problems.last?.found.contains("clusters[0]") == true)
        let text = ConfigurationError(problems: problems).description
        #expect(text.hasPrefix("The configuration has 8 problems:\n"))
        #expect(text.contains("clusters[0].ssh.port (line 5): found “70000”, expected a whole number from 1 to 65535"))
    }

    @Test("an empty file of settings misses auth and credentials")
    func nothing() {
        #expect(problems("a: 1").map(\.path) == ["auth.authentication.token_url", "auth.authentication.public_certs", "ssh_credentials.type"])
    }
}
