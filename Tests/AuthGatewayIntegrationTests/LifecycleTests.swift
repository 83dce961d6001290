import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestServicesHealth
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostgresTesting
import StackTesting
import Testing

@Suite("Services that come, go and fall ill")
struct LifecycleTests {
    /// Lets commands take a minute, so that nothing ends because its time is up.
    private static func patient(_ configuration: String) -> String {
        configuration.replacing("ssh:\n  host:", with: "ssh:\n  timeout:\n    command_execution: 60\n  host:")
    }

    /// Lends a filesystem-service and a gateway in front of it.
    private func withServices(_ body: (_ gateway: ServiceProcess, _ files: ServiceProcess, API) async throws -> Void) async throws {
        try await ServiceProcess.with(.filesystemService, configuration: Self.patient) { files in
            try await ServiceProcess.with(
                .authGateway, configuration: Self.patient, environment: ["GOLDCREST_FILESYSTEM_URL": files.url]
            ) { gateway in
                try await waitUntilReady(gateway)
                try await body(gateway, files, try await API(baseURL: gateway.url))
            }
        }
    }

    /// Lends a directory with a pipe, of which nothing can be read before somebody writes.
    private func withPipe(_ api: API, _ body: (String) async throws -> Void) async throws {
        // Through the stack's own gateway, which is there to the end.
        try await API().withDirectory { directory in
            let pipe = "\(directory)/pipe"
            try LocalFile.pipe(pipe)
            try LocalFile.setMode(pipe, 0o644)
            try await body(pipe)
        }
    }

    // MARK: - Disconnects

    @Test("when the client goes away, nobody listens to its command any more, which therefore ends")
    func disconnect() async throws {
        try await withServices { _, _, api in
            try await withPipe(api) { pipe in
                let connection = try RawConnection(to: api.baseURL)
                try await connection.send(
                    "GET \(api.operations)/head?lines=1000000&path=\(pipe) HTTP/1.1\r\nHost: x\r\nAuthorization: \(api.authorization)\r\n\r\n")
                let writer = try await eventually("the command reads") { PipeWriter(pipe) }
                // More than the command keeps in its buffer; when nobody takes it any more, that ends the command.
                let lines = String(repeating: "line\n", count: 2000)
                #expect(writer.write(lines))
                connection.disconnect()
                try await eventually(within: .seconds(10), "the command ends") { !writer.write(lines) }
                try await eventually(within: .seconds(5), "its processes end") { ProcessTable.processes(mentioning: pipe).isEmpty }
            }
        }
    }

    @Test("a client that goes away in the middle of an upload leaves no file and no command behind")
    func disconnectedUpload() async throws {
        try await withServices { _, _, api in
            try await api.withDirectory { directory in
                let form = MultipartForm(fileName: "half", content: [])
                let connection = try RawConnection(to: api.baseURL)
                try await connection.send(
                    "POST \(api.operations)/upload?path=\(directory) HTTP/1.1\r\nHost: x\r\nAuthorization: \(api.authorization)\r\n"
                        + "Content-Type: \(form.contentType)\r\nContent-Length: 3000000\r\n\r\n")
                try await connection.send(MultipartForm.head(fileName: "half") + [UInt8](repeating: 0x61, count: 1_000_000))
                try await eventually("a part of the file is there") { try await !api.list(directory).isEmpty }
                connection.disconnect()
                try await eventually(within: .seconds(10), "the part is gone") { try await api.list(directory).isEmpty }
                try await eventually(within: .seconds(10), "no command runs") { ProcessTable.processes(mentioning: directory).isEmpty }
            }
        }
    }

    // MARK: - The end

    @Test("a service that is told to end finishes its requests and exits with 0", arguments: [ServiceName.filesystemService, .authGateway])
    func termination(service: ServiceName) async throws {
        try await withServices { gateway, files, api in
            let ending = service == .authGateway ? gateway : files
            try await withPipe(api) { pipe in
                async let answer = api.call(.get, "\(api.operations)/head", query: ["path": pipe])
                try await eventually("the command runs") { !ProcessTable.processes(mentioning: pipe).isEmpty }
                await ending.terminate()
                try await eventually("no more connections are taken") { (try? RawConnection(to: ending.url)) == nil }
                #expect(await ending.isRunning)
                try LocalFile.append(pipe, Array("finished\n".utf8))
                let finished = try await answer
                #expect(finished.status == .ok, "\(finished)")
                #expect(finished.text.contains("finished"))
                #expect(try await ending.exitStatus(within: .seconds(10)) == 0)
            }
        }
    }

    // MARK: - The beginning

    @Test("a service that is down makes 502 of what it should answer, and of nothing else", arguments: APIRoute.Destination.allCases)
    func upstreamDown(destination: APIRoute.Destination) async throws {
        let nobody = "http://127.0.0.1:\(try FreePort.find())"
        let variables: [APIRoute.Destination: String] = [
            .compute: "GOLDCREST_COMPUTE_URL", .filesystem: "GOLDCREST_FILESYSTEM_URL", .transfer: "GOLDCREST_TRANSFER_URL",
        ]
        let environment = variables[destination].map { [$0: nobody] } ?? [:]
        try await ServiceProcess.with(.authGateway, environment: environment) { gateway in
            try await waitUntilReady(gateway)
            let api = try await API(baseURL: gateway.url)
            try await api.expect(.ok, .get, "/status/systems")
            let probes: [(APIRoute.Destination, HTTPResponse.Status, Answer)] = [
                (.compute, .ok, try await api.call(.get, "/status/\(api.system)/userinfo")),
                (.filesystem, .ok, try await api.call(.get, "\(api.operations)/ls", query: ["path": api.home])),
                (.transfer, .badRequest, try await api.call(.post, "\(api.transfers)/cp", json: [:])),
            ]
            for (service, status, answer) in probes {
                #expect(answer.status == (service == destination ? .badGateway : status), "\(service): \(answer)")
                if service == destination { #expect(answer.error?.message.contains(destination.rawValue) == true) }
            }
        }
    }

    @Test("a gateway that starts before its keys can be read serves as soon as they can")
    func lateKeys() async throws {
        let stack = try Stack()
        let api = try await API()
        var request = api.request(.get, "")
        request.url = try stack["JWKS_URL"]
        let document = try await api.send(request).bytes
        let port = try FreePort.find()
        let original = try stack["JWKS_URL"]
        try await ServiceProcess.with(
            .authGateway, configuration: { $0.replacing(original, with: "http://127.0.0.1:\(port)/jwks") }
        ) { gateway in
            let api = try await API(baseURL: gateway.url)
            #expect(try await api.call(.get, "/status/systems").status == .unauthorized)
            #expect(try await api.call(.get, "/status/liveness").status == .ok)
            #expect(try await api.call(.get, "/health/live").status == .ok)
            #expect(try await api.call(.get, "/health/ready").status == .serviceUnavailable)
            let router = Router(context: APIRequestContext.self)
            router.get("jwks") { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: document))) }
            let issuer = ServiceAssembly(
                responder: router.buildResponder(), disconnects: ClientDisconnects(), logger: TestDatabase.quiet)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await issuer.run(host: "127.0.0.1", port: port) }
                try await eventually("the gateway reads the keys") { try await api.call(.get, "/status/systems").status == .ok }
                try await eventually("the gateway is ready") { try await api.call(.get, "/health/ready").status == .ok }
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        }
    }

    @Test("a gateway that starts before its database serves, and knows the systems' health as soon as the database is there")
    func lateDatabase() async throws {
        let server = try await PostgresServer.start()
        let system = try Stack()["SYSTEM"]
        try await withPool(server.url) { store in
            try await store.migrate()
            try await store.replace(SystemHealth(system: system, services: [ServiceHealth(serviceType: .ssh, lastChecked: Date(), healthy: false, message: "ill")]))
        }
        try await server.pause()
        try await ServiceProcess.with(.authGateway, environment: ["DATABASE_URL": server.url]) { gateway in
            try await waitUntilReady(gateway)
            let api = try await API(baseURL: gateway.url)
            try await api.expect(.ok, .get, "\(api.operations)/ls", query: ["path": api.home])
            #expect(try await api.call(.get, "/health/ready").status == .serviceUnavailable)
            try await server.resume()
            try await eventually("the gateway knows that ssh is unhealthy") {
                try await api.call(.get, "\(api.operations)/ls", query: ["path": api.home]).status == .serviceUnavailable
            }
            try await eventually("the gateway is ready") { try await api.call(.get, "/health/ready").status == .ok }
        }
        try await server.pause()
    }

    private func withPool(_ url: String, _ body: (PostgresServicesHealthStore) async throws -> Void) async throws {
        let pool = PostgresPool(url: url, maximumConnections: 1, logger: TestDatabase.quiet)
        do { try await body(PostgresServicesHealthStore(pool: pool)) } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    // MARK: - Health

    @Test("what the health checker found unhealthy is not used, everything else is")
    func enforcement() async throws {
        try await TestDatabase.withFreshSchema { database in
            try await withPool(database) { store in
                try await store.migrate()
                try await ServiceProcess.with(.authGateway, environment: ["DATABASE_URL": database]) { gateway in
                    try await waitUntilReady(gateway)
                    let api = try await API(baseURL: gateway.url)
                    try await enforce(store, api)
                }
            }
        }
    }

    private func enforce(_ store: PostgresServicesHealthStore, _ api: API) async throws {
        func statuses() async throws -> [Int] {
            [
                try await api.call(.get, "\(api.operations)/ls", query: ["path": api.home]).status.code,
                try await api.call(.get, api.jobs).status.code,
                try await api.call(.post, "\(api.transfers)/cp", json: ["sourcePath": .string("\(api.home)/none"), "targetPath": .string("\(api.home)/x")]).status.code,
                try await api.call(.get, "/status/\(api.system)/userinfo").status.code,
                try await api.call(.get, "/status/systems").status.code,
            ]
        }
        func become(_ services: [ServiceHealth]) async throws {
            try await store.replace(SystemHealth(system: api.system.lowercased(), services: services))
        }
        let now = Date()
        func health(_ type: BackendServiceType, _ isHealthy: Bool, path: String? = nil) -> ServiceHealth {
            ServiceHealth(
                serviceType: type, lastChecked: now, latency: 0.1, healthy: isHealthy, message: isHealthy ? nil : "\(type.rawValue) is ill", path: path)
        }
        let homes = try api.stack["HOME_ROOT"]
        #expect(try await statuses() == [200, 200, 404, 200, 200])

        try await become([health(.scheduler, false), health(.ssh, true), health(.filesystem, true, path: homes)])
        try await eventually("the scheduler is known to be unhealthy") { try await statuses() == [200, 503, 503, 200, 200] }
        let systems = try await api.expect(.ok, .get, "/status/systems").text
        #expect(systems.contains("scheduler is ill"))
        #expect(systems.contains("\"lastHealthCheck\":\""))
        let refusal = try await api.call(.get, api.jobs)
        #expect(refusal.error?.errorType == .error)
        #expect(refusal.error?.message.contains("scheduler") == true)
        // The checks of the request itself come first.
        #expect(try await api.call(.post, api.jobs, json: [:]).status == .badRequest)

        try await become([health(.scheduler, true), health(.ssh, false), health(.filesystem, true, path: homes)])
        try await eventually("ssh is known to be unhealthy") { try await statuses()[0] == 503 }
        #expect(try await statuses()[3] == 503)
        #expect(try await statuses()[4] == 200)

        try await become([health(.scheduler, true), health(.ssh, true), health(.filesystem, false, path: homes)])
        try await eventually("the file system is known to be unhealthy") { try await statuses() == [503, 200, 503, 200, 200] }
        // Only this file system is ill.
        try await api.expect(.ok, .get, "\(api.operations)/ls", query: ["path": try api.stack["SCRATCH"]])

        try await become([health(.scheduler, true), health(.ssh, true), health(.filesystem, true, path: homes)])
        try await eventually("all are known to be healthy") { try await statuses() == [200, 200, 404, 200, 200] }
    }
}
