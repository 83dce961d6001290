import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import ComputeService

@Suite("the request for a job")
struct JobSubmissionRequestTests {
    private func submission(_ job: [String: JSONValue]) throws -> JobSubmission {
        let cluster = Cluster(
            name: "c", fileSystems: [.init(path: try AbsolutePath(normalising: "/home"), dataType: .users)], ssh: .init(host: "h"),
            scheduler: .init(type: .slurm, version: "22.05"))
        return try JobSubmission(["job": .object(job)], on: cluster)
    }

    @Test("the working directory has three names", arguments: ["workingDirectory", "working_directory", "current_working_directory"])
    func workingDirectory(_ name: String) throws {
        let job = try submission([name: .string("/home/ada/../bob"), "script": .string("#!/bin/sh\n")])
        #expect(job.workingDirectory.string == "/home/bob")
        #expect(job.environment == ["F7T_version": "v2.0.0"])
    }

    @Test("the environment may be a map or a list, under two names")
    func environment() throws {
        let base: [String: JSONValue] = ["workingDirectory": .string("/home"), "script": .string("#!/bin/sh\n")]
        let map = try submission(base.merging(["env": .object(["A": .string("1,2")])]) { $1 })
        let list = try submission(base.merging(["environment": .array([.string("A=1,2"), .string("B=x=y")])]) { $1 })
        #expect(map.environment == ["A": "1,2"])
        #expect(list.environment == ["A": "1,2", "B": "x=y"])
    }

    @Test("all that is wrong is told at once")
    func problems() throws {
        let error = #expect(throws: APIError.self) {
            try submission(["script": .integer(3), "name": .bool(true), "env": .object(["1A": .string("x"), "B": .integer(1)])])
        }
        #expect(error?.status == .badRequest)
        let names = Set(error?.fields.map(\.name) ?? [])
        #expect(names.isSuperset(of: ["job.workingDirectory", "job.script", "job.name", "job.env", "job.env.B"]))
    }

    @Test(
        "wrong scripts are refused",
        arguments: [
            [:], ["script": .string("")], ["script": .string("#!/bin/sh\n\0")], ["script": .string("#!/bin/sh"), "scriptPath": .string("/home/x")],
            ["scriptPath": .string("/etc/x")], ["scriptPath": .string("x")], ["scriptPath": .string("/home/../etc/x")], ["script_path": .string("/home/\0")],
        ] as [[String: JSONValue]])
    func scripts(_ fields: [String: JSONValue]) {
        let error = #expect(throws: APIError.self) { try submission(fields.merging(["workingDirectory": .string("/home")]) { $1 }) }
        #expect(error?.status == .badRequest)
    }

    @Test("a NUL anywhere is refused", arguments: ["name", "account", "partition", "reservation", "constraints", "standardInput", "standard_output"])
    func nul(_ field: String) {
        let error = #expect(throws: APIError.self) {
            try submission(["workingDirectory": .string("/home"), "script": .string("#!/bin/sh\n"), field: .string("a\0b")])
        }
        #expect(error?.status == .badRequest)
    }
}
