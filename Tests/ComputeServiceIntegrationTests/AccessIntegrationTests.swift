import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("who may ask compute-service")
struct AccessIntegrationTests {
    @Test("without a valid call context nothing is answered")
    func noContext() async throws {
        try await ComputeFixture.with { compute in
            for context in [nil, "", "x.y.z", try compute.context()?.dropLast().description] {
                for path in [compute.jobs, "\(compute.jobs)/1", "/status/\(compute.system)/userinfo", "/internal/\(compute.system)/probe/ssh"] {
                    #expect(try await compute.call(.get, path, context: .some(context)).status == .unauthorized)
                }
            }
        }
    }

    @Test("each issuer has its own routes")
    func issuers() async throws {
        try await ComputeFixture.with { compute in
            let checker = try compute.context(by: .healthChecker)
            #expect(try await compute.call(.get, compute.jobs, context: .some(checker)).status == .unauthorized)
            #expect(try await compute.call(.get, "/internal/\(compute.system)/probe/ssh").status == .unauthorized)
            let transfer = try compute.context(by: .transferService)
            #expect(try await compute.call(.get, compute.jobs, context: .some(transfer)).status == .ok)
        }
    }

    @Test("a context for one system is none for another")
    func systems() async throws {
        try await ComputeFixture.with { compute in
            let answer = try await compute.call(.get, "/compute/other/jobs")
            #expect(answer.status == .unauthorized)
        }
    }

    @Test("the probes tell what they found")
    func probes() async throws {
        try await ComputeFixture.with { compute in
            let checker = try compute.context(by: .healthChecker)
            #expect(try await compute.call(.get, "/internal/\(compute.system)/probe/ssh", context: .some(checker)).status == .ok)
            let answer = try await compute.call(.get, "/internal/\(compute.system)/probe/scheduler", context: .some(checker))
            #expect(answer.status == .ok)
            #expect(try answer.decoded(ProbeAnswer.self).nodes == ServiceHealth.Nodes(available: 1, total: 1))
        }
    }

    @Test("while the scheduler is unhealthy jobs are 503, but who a user is can be asked")
    func unhealthy() async throws {
        try await ComputeFixture.with { compute in
            let context = try compute.context(unhealthy: [UnhealthyService(.scheduler)])
            #expect(try await compute.call(.get, compute.jobs, context: .some(context)).status == .serviceUnavailable)
            #expect(try await compute.call(.get, "/status/\(compute.system)/userinfo", context: .some(context)).status == .ok)
        }
    }

    @Test("a user learns who they are on the system and which accounts they have")
    func userInfo() async throws {
        try await ComputeFixture.with { compute in
            let info = try await compute.expect(.ok, .get, "/status/\(compute.system)/userinfo").decoded(UserInfo.self)
            #expect(info.user.name == compute.user)
            #expect(info.group.name == compute.user)
            #expect(info.groups.contains(info.group))
            #expect(info.accounts?.contains(UserInfo.Account(name: "myproject", default: true)) == true)
        }
    }

    @Test("a user without an SSH key is 403")
    func noKey() async throws {
        try await ComputeFixture.with { compute in
            try await compute.expect(.forbidden, .get, compute.jobs, as: "nobody-here")
        }
    }

    @Test("malformed requests are 400, all problems at once")
    func malformed() async throws {
        try await ComputeFixture.with { compute in
            let answer = try await compute.expect(.badRequest, .post, compute.jobs, json: .object(["job": .object(["env": .integer(1), "name": .integer(2)])]))
            #expect(answer.error?.errorType == .validation)
            #expect(answer.error?.data?.fields.count == 4)
            try await compute.expect(.badRequest, .post, compute.jobs, json: .object([:]))
            try await compute.expect(.badRequest, .post, compute.jobs)
        }
    }
}
