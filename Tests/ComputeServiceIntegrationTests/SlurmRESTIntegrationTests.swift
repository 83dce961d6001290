import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("what is peculiar to real slurmrestd")
struct SlurmRESTIntegrationTests {
    /// Each slurmrestd of the stack, without help of the commands.
    static let systems: [String] = {
        let systems = ComputeFixture.systems.filter { $0.hasSuffix("-rest") }
        return systems.isEmpty ? ["(no stack)"] : systems
    }()

    @Test("a script's directives count, and the request's own fields win", arguments: systems)
    func directives(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let name = ComputeFixture.uniqueName("rest")
            let script = """
                #!/bin/sh
                #SBATCH --job-name="from directive" -A other
                #SBATCH --time=0-00:07:30 --mem=10M --ntasks=2 --hold
                #SBATCH -p part02 --nice=5 --comment='a b' --mail-type=END --no-requeue
                true
                """
            let id = try await compute.submit(script, ["name": .string(name)])
            let job = try await compute.job(id)
            #expect(job.name == name)
            #expect(job.account == "other")
            #expect(job.partition == "part02")
            #expect(job.time.limit == 8 * 60)
            #expect(job.status.state == "PENDING")
            #expect(job.status.stateReason == "JobHeldUser")
            try await compute.cancel(id)

            let array = try await compute.submit("#!/bin/sh\n#SBATCH --array=1-9%2 --begin=now+1hour\ntrue\n")
            #expect(try await compute.job(array).jobId == "\(array)_[1-9%2]")
            try await compute.cancel(array)
        }
    }

    @Test("a directive that slurmrestd has no field for is 501, one that is none 400; both name the line", arguments: systems)
    func refusedDirectives(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            for (line, status) in [("#SBATCH --exclusive", HTTPResponse.Status.notImplemented), ("#SBATCH --time=soon", .badRequest)] {
                let answer = try await compute.expect(
                    status, .post, compute.jobs, json: compute.description("#!/bin/sh\n\(line)\ntrue\n"))
                #expect(answer.error?.message.contains(line) == true)
            }
        }
    }

    @Test("what slurmrestd refuses is told with its own words", arguments: systems)
    func refused(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            for (field, words) in [
                ("partition", "Invalid partition"), ("account", "Invalid account"), ("reservation", "reservation is invalid"), ("constraints", "Invalid feature"),
            ] {
                let answer = try await compute.expect(
                    .badRequest, .post, compute.jobs, json: compute.description(fields: [field: .string("nosuch")]))
                #expect(answer.error?.message.contains(words) == true)
            }
            let qos = try await compute.expect(
                .badRequest, .post, compute.jobs, json: compute.description("#!/bin/sh\n#SBATCH --qos=nosuch\ntrue\n"))
            #expect(qos.error?.message.contains("Invalid qos specification") == true)
        }
    }

    @Test("a token that Slurm does not accept is 403 with the remedy", arguments: systems)
    func refusedToken(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let answer = try await compute.expect(.forbidden, .get, compute.jobs, as: "nobody-here")
            #expect(answer.error?.message.contains("AuthAltTypes") == true)
        }
    }

    @Test("a job is the same by slurmrestd as by the commands", arguments: systems)
    func likeCommands(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            for script in ["#!/bin/sh\nexit 3\n", "#!/bin/sh\nkill -9 $$\n", "#!/bin/sh\ntrue\n"] {
                let id = try await compute.submit(script)
                _ = try await compute.wait(for: id) { $0.hasEnded && $0.tasks?.first?.time.end != nil }
                let path = "/compute/\(compute.commandsSystem)/jobs/\(id)"
                // Accounting completes its entry bit by bit.
                let deadline = ContinuousClock.now + .seconds(30)
                var (rest, commands): (JobModel, JobModel)
                repeat {
                    try await Task.sleep(for: .milliseconds(200))
                    rest = try await compute.job(id)
                    let answer = try await compute.expect(.ok, .get, path, on: compute.commandsSystem).decoded(JobsAnswer.self)
                    commands = try #require(answer.jobs.first)
                    // 0.0.38 says 0 for a step's code whatever it was, so none is told.
                    if rest.tasks?.first?.status.exitCode == nil { commands.tasks?[0].status.exitCode = nil }
                } while rest != commands && ContinuousClock.now < deadline
                #expect(rest == commands)
            }
        }
    }

    @Test("an array is held and released as a whole; of its tasks ranges and single ones are cancelled", arguments: systems)
    func arrays(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let id = try await compute.submit("#!/bin/sh\n#SBATCH --array=1-9 --begin=now+1hour\ntrue\n")
            try await compute.put("hold", id, expecting: .noContent)
            #expect(try await compute.job(id).status.stateReason == "JobHeldUser")
            try await compute.put("release", id, expecting: .noContent)
            #expect(try await compute.job(id).status.stateReason != "JobHeldUser")
            try await compute.cancel("\(id)_[2-3]")
            try await compute.cancel("\(id)_5")
            let waiting = try await compute.list("ids=\(id)").filter { $0.status.state == "PENDING" }
            #expect(waiting.map(\.jobId) == ["\(id)_[1,4,6-9]"])
            for verb in ["hold", "release"] { try await compute.put(verb, id, as: compute.otherUser, expecting: .forbidden) }
            try await compute.put("hold", "99999999", expecting: .notFound)
            try await compute.cancel(id)
        }
    }

    @Test("a change is seen by the next query, however soon it comes", arguments: systems)
    func freshness(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            for _ in 0..<5 {
                let id = try await compute.submit("#!/bin/sh\n#SBATCH --hold\ntrue\n")
                #expect(try await compute.list().contains { $0.jobId == id && $0.status.state == "PENDING" })
                #expect(try await compute.list().contains { $0.jobId == id })
                try await compute.cancel(id)
                #expect(try await compute.list().allSatisfy { $0.jobId != id || $0.hasEnded })
            }
        }
    }

    @Test("what slurmrestd cannot do is 501 with the way out", arguments: systems)
    func impossible(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let script = JSONValue.object(["job": .object(["workingDirectory": .string(compute.home), "scriptPath": .string("\(compute.home)/job.sh")])])
            let answers = [
                try await compute.expect(.notImplemented, .get, "\(compute.jobs)/1/metadata"), try await compute.attach("true", to: "1", expecting: .notImplemented),
                try await compute.put("requeue", "1", expecting: .notImplemented), try await compute.expect(.notImplemented, .post, compute.jobs, json: script),
            ]
            for answer in answers { #expect(answer.error?.message.contains("hybrid") == true) }
        }
    }
}
