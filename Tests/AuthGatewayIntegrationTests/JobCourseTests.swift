import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("A job's way through the services")
struct JobCourseTests {
    @Test("a job is submitted, ends, and its output is read, with whatever is in its name and environment")
    func course() async throws {
        let api = try await API()
        let name = #"a|b "c" $(d)"#
        let environment = ["COMMAS": "a,b,,c", "QUOTES": #"it's "quoted" `x` $(y) \"#, "LINES": "one\ntwo", "EMPTY": "", "UNICODE": "ü🦅"]
        let script = "#!/bin/sh\nfor name in COMMAS QUOTES LINES EMPTY UNICODE; do eval \"printf '<%s>' \\\"\\$$name\\\"\"; done\n"
        try await api.withDirectory { directory in
            let submitted = try await api.expect(
                .created, .post, api.jobs,
                json: [
                    "job": [
                        "name": .string(name), "workingDirectory": .string(directory), "standardOutput": "output", "script": .string(script),
                        "env": .object(environment.mapValues { .string($0) }),
                    ]
                ]
            ).decoded(JobSubmissionAnswer.self)
            let job = try await api.waitForEnd(of: submitted.jobId)
            #expect(job.status.state == "COMPLETED")
            #expect(job.name == name)
            #expect(job.user == api.user)
            #expect(job.workingDirectory == directory)
            let expected = ["COMMAS", "QUOTES", "LINES", "EMPTY", "UNICODE"].map { "<\(environment[$0] ?? "")>" }.joined()
            #expect(try await api.head("\(directory)/output") == expected)
            let listed = try await api.expect(.ok, .get, api.jobs, query: ["name": name]).decoded(JobsAnswer.self).jobs
            #expect(listed.contains { $0.jobId == submitted.jobId && $0.name == name })
        }
    }

    @Test("64 requests of one user at once all succeed, on few connections")
    func manyAtOnce() async throws {
        try await ServiceProcess.with(.filesystemService) { files in
            try await ServiceProcess.with(.authGateway, environment: ["GOLDCREST_FILESYSTEM_URL": files.url]) { gateway in
                let api = try await API(baseURL: gateway.url)
                try await waitUntilReady(gateway)
                try await api.withDirectory { directory in
                    try await (0..<64).forEach(atOnce: 64) { _ in
                        try await api.expect(.ok, .get, "\(api.operations)/ls", query: ["path": directory])
                    }
                    let port = try #require(Int(try api.stack["SSH_PORT"]))
                    let connections = ProcessTable.connections(of: files.identifier, to: port)
                    // Ten commands share a connection.
                    #expect((1...7).contains(connections))
                }
            }
        }
    }
}

/// Waits until a gateway has read the keys.
func waitUntilReady(_ gateway: ServiceProcess) async throws {
    let api = try await API(baseURL: gateway.url)
    try await eventually("the gateway is ready") { try await api.call(.get, "/status/systems").status == .ok }
}
