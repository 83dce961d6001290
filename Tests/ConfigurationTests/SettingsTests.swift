import GoldcrestConfiguration
import GoldcrestProtocol
import Testing

@Suite("Reading settings")
struct SettingsTests {
    private func load(_ yaml: String) throws -> Settings.Loaded {
        try Settings.load(yaml: yaml, path: "/etc/f7t.yaml")
    }

    @Test("snake_case and camelCase give the same settings, without warnings about keys")
    func spellings() throws {
        let snake = try load(ExampleYAML.snakeCase)
        let camel = try load(ExampleYAML.camelCase)
        #expect(snake.settings == camel.settings)
        #expect(!snake.warnings.contains { $0.contains("unknown key") }, "\(snake.warnings)")
        #expect(!camel.warnings.contains { $0.contains("unknown key") }, "\(camel.warnings)")
    }

    @Test("every general key arrives")
    func generalKeys() throws {
        let settings = try load(ExampleYAML.snakeCase).settings
        #expect(settings.appDebug)
        #expect(settings.apisRootPath == "/hpc")
        #expect(settings.docServers == [.init(url: "http://localhost:8000", description: "Local environment")])
        #expect(settings.logger == LoggerSettings(enableTracingLog: true, loggableRequestHeaders: [.init(input: "x-client-name", output: "client")]))
        #expect(settings.auth.authentication == Authentication(
            scopes: ["firecrest": "all of it"], tokenURL: "https://idp.example.org/token", tokenEndpointMethod: .clientSecretPost,
            publicCertificates: ["https://idp.example.org/certs", "file:///etc/jwks.json", "file:///etc/more-jwks.json"],
            usernameClaim: "sub", jwkAlgorithm: "ES256", minTokenLifetime: .milliseconds(12_500), audience: "goldcrest"))
        #expect(settings.auth.authorization == Authorization(
            source: .openFGA(.init(url: "http://openfga:8080", storeID: "01STORE", modelID: "01MODEL", token: Secret("hush-openfga"))),
            timeout: .seconds(2), maxConnections: 7, cacheLifetime: .milliseconds(2500),
            requiredScopes: [.computeRead: ["jobs.read"], .computeWrite: ["jobs.read", "jobs.write"], .transfer: ["data"]],
            checks: [
                .status: .init(relation: "viewer", objectType: "site"), .filesystemRead: .init(relation: "reader"),
                .filesystemWrite: .init(relation: "writer", objectType: "volume"),
            ],
            user: .init(claim: "sub", type: "person", groups: .init(claim: "realm_access.roles", type: "role", relation: "holder"))))
        #expect(settings.sshCredentials == .staticKeys([
            "fire_user": .init(
                privateKey: Secret("hush-private-key\n"), publicCertificate: "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA",
                passphrase: Secret("hush-passphrase")),
            "other": .init(privateKey: Secret("hush-other-key")),
        ]))
    }

    @Test("every key of a cluster arrives")
    func clusterKeys() throws {
        let settings = try load(ExampleYAML.snakeCase).settings
        let expected = Cluster(
            name: "daint", serviceAccount: .init(clientID: "checker", secret: Secret("hush-account")),
            fileSystems: [
                .init(path: try AbsolutePath(normalising: "/scratch/daint"), dataType: .scratch, defaultWorkDir: true),
                .init(path: try AbsolutePath(normalising: "/users"), dataType: .users),
            ],
            ssh: .init(
                host: "daint.example.org", port: 2222, proxyHost: "jump.example.org", proxyPort: 2223, maxClients: 50, maxSessions: 8, maxLogins: 2,
                knownHosts: "/etc/ssh/ssh_known_hosts",
                timeout: .init(
                    connection: .seconds(1), login: .seconds(2), commandExecution: .milliseconds(3500), idleTimeout: .seconds(40),
                    keepAlive: .seconds(6))),
            scheduler: .init(
                type: .slurm, connectionMode: .hybrid, version: "24.11.0", apiURL: "http://slurmrestd:6820", apiVersion: "0.0.42",
                timeout: .seconds(20)),
            probing: .init(
                interval: .seconds(60),
                services: [.ssh: .seconds(4), .scheduler: .seconds(5), .filesystem: .seconds(6), .s3: .seconds(10)]),
            dataOperation: .init(
                datatransferJobsDirectives: ["#SBATCH --account={account}", "#SBATCH -pxfer"], maxOpsFileSize: 1_048_576,
                dataTransfer: .s3(.init(
                    name: "store", privateURL: Secret("http://user:hush-url@s3:9000"), publicURL: "https://s3.example.org",
                    accessKeyID: Secret("hush-access-key"), secretAccessKey: Secret("hush-secret-key"), region: "us-east-1",
                    ttl: .seconds(604_800), tenant: "hpc",
                    multipart: .init(useSplit: true, maxPartSize: 1 << 30, parallelRuns: 5, tmpFolder: "parts"), bucketLifecycleDays: 3))),
            fileAccess: .sftp, timezone: "Europe/Zurich")
        #expect(settings.cluster(named: "DAINT") == expected)
        #expect(settings.cluster(named: "eiger")?.dataOperation.dataTransfer == .streamer(.init(
            host: "eiger-x", portRange: 6000...6010, publicIPs: ["192.0.2.1", "192.0.2.2"], waitTimeout: .seconds(600),
            inboundTransferLimit: 1_000_000, pypiIndexURL: "https://pypi.example.org/simple")))
        #expect(settings.cluster(named: "eiger")?.scheduler == .init(type: .pbs, version: "2023.1"))
        #expect(settings.cluster(named: "eige") == nil)
    }

    @Test("what is left out has its default")
    func defaults() throws {
        let loaded = try load(ExampleYAML.minimal)
        let expected = Settings(
            auth: Auth(authentication: Authentication(tokenURL: "http://idp/token", publicCertificates: ["http://idp/certs"])),
            sshCredentials: .certificateAuthority(url: "http://ca", maxConnections: 100),
            clusters: [Cluster(name: "c", ssh: .init(host: "login"), scheduler: .init(type: .slurm, version: "24.11"))])
        #expect(loaded.settings == expected)
        #expect(loaded.settings.clusters.first?.dataOperation.maxOpsFileSize == 5_242_880)
        #expect(loaded.settings.auth.authentication.minTokenLifetime == .seconds(30))
    }

    @Test("null is the same as leaving a key out")
    func null() throws {
        let yaml = ExampleYAML.minimal(replacing: "ssh: {host: login}", with: "ssh: {host: login, port: null, timeout: ~, proxy_host: }")
        #expect(try load(yaml).settings == load(ExampleYAML.minimal).settings)
    }

    @Test("anchors, aliases and merge keys work, and a mapping's own keys win")
    func mergeKeys() throws {
        let yaml = ExampleYAML.minimal(
            replacing: "- name: c\n    ssh: {host: login}",
            with: "- name: a\n    ssh: &ssh {host: one, port: 5}\n    scheduler: &scheduler {type: pbs, version: 1}\n"
                + "  - name: c\n    ssh: {<<: *ssh, host: two}")
        let clusters = try load(yaml).settings.clusters
        #expect(clusters.map(\.ssh.host) == ["one", "two"])
        #expect(clusters.map(\.ssh.port) == [5, 5])
    }

    @Test("wormhole needs nothing but its name")
    func wormhole() throws {
        let yaml = ExampleYAML.minimal(
            replacing: "- name: c\n",
            with: "- name: c\n    serviceAccount: {clientId: a, secret: b}\n    dataOperation: {dataTransfer: {serviceType: wormhole}}\n")
        #expect(try load(yaml).settings.clusters.first?.dataOperation.dataTransfer == .wormhole(.init()))
    }

    @Test("wormhole may have an index and servers of the site's own")
    func wormholeServers() throws {
        let yaml = ExampleYAML.minimal(
            replacing: "- name: c\n",
            with: "- name: c\n    service_account: {client_id: a, secret: b}\n    data_operation: {data_transfer: {service_type: wormhole,"
                + " pypi_index_url: 'https://pypi.example.org/simple/', relay_url: 'wss://relay.example.org:4000/v1',"
                + " transit_helper: 'tcp:[2001:db8::1]:4001'}}\n")
        #expect(try load(yaml).settings.clusters.first?.dataOperation.dataTransfer == .wormhole(.init(
            pypiIndexURL: "https://pypi.example.org/simple", relayURL: "wss://relay.example.org:4000/v1", transitHelper: "tcp:[2001:db8::1]:4001")))
    }

    @Test("a key service is asked over as many connections as configured, 0 meaning any number", arguments: [0, 500])
    func keyService(maxConnections: Int) throws {
        let yaml = ExampleYAML.minimal(replacing: "type: SSHCA, url: http://ca/", with: "type: SSHService, url: http://k, maxConnections: \(maxConnections)")
        #expect(try load(yaml).settings.sshCredentials == .service(url: "http://k", maxConnections: maxConnections))
    }

    @Test("an unknown key is a warning with its path, its line and what was probably meant")
    func unknownKeys() throws {
        let yaml = ExampleYAML.minimal(replacing: "ssh: {host: login}", with: "ssh: {host: login, max_client: 4, maxSesions: 3, colour: red}")
        let warnings = try load(yaml).warnings
        #expect(warnings.contains("clusters[0].ssh.max_client (line 8): unknown key; did you mean max_clients?"))
        #expect(warnings.contains("clusters[0].ssh.maxSesions (line 8): unknown key; did you mean maxSessions?"))
        #expect(warnings.contains("clusters[0].ssh.colour (line 8): unknown key"))
    }

    @Test("a cluster without a working directory for jobs, or with two, is a warning")
    func defaultWorkDirectory() throws {
        #expect(try load(ExampleYAML.minimal).warnings.contains { $0.contains("clusters[0].file_systems") && $0.contains("default_work_dir") })
        let systems = "file_systems: [{path: /a, data_type: users, default_work_dir: yes}, {path: /b, data_type: users, default_work_dir: on}]"
        let loaded = try load(ExampleYAML.minimal(replacing: "- name: c\n", with: "- name: c\n    \(systems)\n"))
        #expect(loaded.warnings.contains { $0.contains("more than one is the default_work_dir") })
        #expect(loaded.settings.clusters.first?.defaultWorkDirectory?.path.string == "/a")
    }

    @Test("the summary tells clusters, schedulers, credentials and authorization")
    func summary() throws {
        let text = try load(ExampleYAML.snakeCase).settings.summary.joined(separator: "\n")
        for part in [
            "daint: SSH to daint.example.org:2222 through jump.example.org:2223", "slurm 24.11.0 by slurmrestd at http://slurmrestd:6820",
            "static keys of 2 users", "/scratch/daint (scratch, jobs work here)", "01STORE", "compute:write needs the scopes jobs.read, jobs.write",
            "by streamer on the ports 6000 to 6010", "every 60.0 seconds",
        ] {
            #expect(text.contains(part), "\(part) is not in\n\(text)")
        }
    }
}
