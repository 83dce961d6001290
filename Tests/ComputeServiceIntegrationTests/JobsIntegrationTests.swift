import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import StackTesting
import Testing

@Suite("jobs on every real Slurm")
struct JobsIntegrationTests {
    @Test("a job whose name has every special character goes through submit, list, get, metadata and cancel", arguments: ComputeFixture.systems)
    func oddName(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let name = ComputeFixture.uniqueName(#"a|b "c" $(d)"#)
            let value = "1,2 \"3\"\n'4' $(touch x)"
            let output = "\(compute.home)/\(ComputeFixture.uniqueName("out put"))"
            defer { try? FileManager.default.removeItem(atPath: output) }
            let id = try await compute.submit(
                "#!/bin/sh\nprintf '%s|%s' \"$ODD\" \"$LC_ALL\"\nexec sleep 300\n",
                ["name": .string(name), "env": .object(["ODD": .string(value)]), "standardOutput": .string(output)])

            let job = try await compute.wait(for: id) { $0.status.state == "RUNNING" }
            #expect(job.name == name)
            #expect(job.user == compute.user)
            #expect(job.account == "myproject")
            #expect(job.workingDirectory == compute.home)
            #expect(try await compute.list().contains { $0.jobId == id && $0.name == name })
            #expect(try await compute.list("name=\(PercentEncoding.encode(name))").map(\.jobId) == [id])

            #expect(try await compute.content(of: output) == "\(value)|")

            if compute.mode == .rest {
                try await compute.expect(.notImplemented, .get, "\(compute.path(id))/metadata")
            } else {
                let metadata = try await compute.metadata(id)
                #expect(metadata.script?.hasPrefix("#!/bin/sh\nprintf") == true)
                #expect(metadata.standardOutput == output)
            }

            try await compute.cancel(id)
            let cancelled = try await compute.wait(for: id) { $0.hasEnded }
            #expect(cancelled.status.state == "CANCELLED")
            // That it has ended is no reason to complain.
            try await compute.cancel(id)
        }
    }

    @Test("an ended job tells how it ended", arguments: ComputeFixture.systems)
    func ended(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let failed = try await compute.submit("#!/bin/sh\nexit 3\n")
            let killed = try await compute.submit("#!/bin/sh\nkill -9 $$\n")
            let first = try await compute.wait(for: failed) { $0.hasEnded }
            #expect(first.status.state == "FAILED")
            #expect(first.status.exitCode == 3)
            #expect(first.status.interruptSignal == nil)
            #expect(first.time.end != nil)
            let second = try await compute.wait(for: killed) { $0.hasEnded }
            #expect(second.status.exitCode == 0)
            #expect(second.status.interruptSignal == 9)
            let accounted = try await compute.wait(for: failed) { $0.tasks?.isEmpty == false }
            #expect(accounted.tasks?.map(\.id) == ["\(failed).batch"])
        }
    }

    @Test("a script on the system is submitted by its path, its directives count", arguments: ComputeFixture.systems)
    func scriptPath(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let path = "\(compute.home)/\(ComputeFixture.uniqueName("my script")).sh"
            try Data("#!/bin/sh\n#SBATCH --job-name=from-directive\n#SBATCH --hold\ntrue\n".utf8).write(to: URL(filePath: path))
            _ = try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let description = JSONValue.object([
                "job": .object(["workingDirectory": .string(compute.home), "scriptPath": .string(path), "standardOutput": .string("/dev/null")])
            ])
            if compute.mode == .rest {
                try await compute.expect(.notImplemented, .post, compute.jobs, json: description)
                return
            }
            let id = try await compute.expect(.created, .post, compute.jobs, json: description).decoded(JobSubmissionAnswer.self).jobId
            let job = try await compute.job(id)
            #expect(job.name == "from-directive")
            #expect(job.status.state == "PENDING")
            #expect(job.nodes == "None assigned")
            try await compute.cancel(id)
        }
    }

    @Test("the tasks of an array are found by the ids that Slurm prints", arguments: ComputeFixture.systems)
    func arrays(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let id = try await compute.submitByCommands("#!/bin/sh\n#SBATCH --array=1-4%2\n#SBATCH --hold\ntrue\n")
            let waiting = try await compute.list().filter { $0.jobId.hasPrefix("\(id)_") }
            #expect(waiting.map(\.jobId) == ["\(id)_[1-4%2]"])
            for part in ["\(id)_2", "\(id)_[1-4]", "\(id)_[1-4%2]", id] { #expect(try await compute.job(part).jobId == "\(id)_[1-4%2]") }
            try await compute.expect(.notFound, .get, "\(compute.jobs)/\(id)_9")
            if compute.mode != .rest {
                #expect(try await compute.metadata("\(id)_[2-3%2]").jobId == "\(id)_[1-4%2]")
                #expect(try await compute.metadata("\(id)_2").script == "#!/bin/sh\n#SBATCH --array=1-4%2\n#SBATCH --hold\ntrue\n")
            }
            if compute.mode == .ssh {
                try await compute.cancel("\(id)_2")
                try await compute.put("release", "\(id)_[1,3%2]", expecting: .noContent)
                try await compute.put("hold", "\(id)_4", expecting: .noContent)
                _ = try await compute.wait(for: "\(id)_3") { $0.hasEnded }
                #expect(try await compute.job("\(id)_4").status.state == "PENDING")
            }
            try await compute.cancel(id)
        }
    }

    @Test("another user's job is seen among all, but cannot be cancelled, running or ended", arguments: ComputeFixture.systems)
    func foreign(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let name = ComputeFixture.uniqueName("foreign")
            let id = try await compute.submit("#!/bin/sh\nexec sleep 300\n", ["name": .string(name)], as: compute.otherUser)
            #expect(try await compute.list().allSatisfy { $0.jobId != id })
            #expect(try await compute.list("allusers=true").contains { $0.jobId == id })
            #expect(try await compute.list("allusers=yes&name=\(name)").map(\.jobId) == [id])
            let refusal = try await compute.expect(.forbidden, .delete, "\(compute.jobs)/\(id)")
            #expect(refusal.error?.message.contains("Access/permission denied") == true)
            try await compute.cancel(id, as: compute.otherUser)
            _ = try await compute.wait(for: id) { $0.hasEnded }
            try await compute.expect(.forbidden, .delete, "\(compute.jobs)/\(id)")
        }
    }

    @Test("an unknown job is 404 with the words that clients match", arguments: ComputeFixture.systems)
    func unknown(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            for id in ["99999999", "abc", "0", "1%3Bls", "99999999_1", "--help"] {
                for method in [HTTPRequest.Method.get, .delete] {
                    let answer = try await compute.expect(.notFound, method, "\(compute.jobs)/\(id)")
                    #expect(answer.error?.message == "Job not found")
                }
                guard compute.mode != .rest else { continue }
                for verb in ["hold", "release", "requeue", "attach"] {
                    let answer = try await compute.expect(.notFound, .put, "\(compute.jobs)/\(id)/\(verb)", json: .object(["command": .string("true")]))
                    #expect(answer.error?.message == "Job not found")
                }
                #expect(try await compute.expect(.notFound, .get, "\(compute.jobs)/\(id)/metadata").error?.message == "Job not found")
            }
        }
    }

    @Test("what Slurm refuses is 400, in its words", arguments: ComputeFixture.systems)
    func refused(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            for (field, words) in [
                ("partition", "Invalid partition"), ("account", "Invalid account"), ("reservation", "reservation is invalid"), ("constraints", "Invalid feature"),
            ] {
                let answer = try await compute.expect(
                    .badRequest, .post, compute.jobs, json: compute.description(fields: [field: .string("no such; thing")]))
                #expect(answer.error?.message.contains(words) == true)
                guard compute.mode != .rest else { continue }
                #expect(answer.error?.message.hasPrefix("Remote process failed with exit status:1 and error message:") == true)
            }
        }
    }

    @Test("a script without an interpreter is 400", arguments: ComputeFixture.systems)
    func noInterpreter(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let answer = try await compute.expect(.badRequest, .post, compute.jobs, json: compute.description("true\n"))
            if compute.mode != .rest { #expect(answer.error?.message.contains("does not look like a batch script") == true) }
        }
    }

    @Test("directives that Slurm refuses are 400, in its words", arguments: ComputeFixture.systems)
    func refusedDirectives(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            guard compute.mode != .rest else { return }
            for (directive, words) in [
                ("--time=never", "Invalid --time"), ("--ntasks=100000", "configuration is not available"), ("--nodes=0", "Node count specification invalid"),
                ("--qos=none-such", "Invalid qos"), ("--nonsense", "unrecognized option"),
            ] {
                let json = compute.description("#!/bin/sh\n#SBATCH \(directive)\ntrue\n")
                let answer = try await compute.call(.post, compute.jobs, json: json)
                // Slurm lets a job wait for what may come one day; that depends on its configuration.
                if answer.status == .created {
                    try await compute.cancel(try answer.decoded(JobSubmissionAnswer.self).jobId)
                    #expect(directive == "--ntasks=100000")
                } else {
                    #expect(answer.status == .badRequest)
                    #expect(answer.error?.message.contains(words) == true, "\(answer.text)")
                }
            }
        }
    }

    @Test("a limit of an account or a QOS is 403, in Slurm's words", .serialized, arguments: ComputeFixture.systems)
    func limits(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let account = try compute.cluster["LIMITED_ACCOUNT"]
            let answer = try await compute.expect(.forbidden, .post, compute.jobs, json: compute.description(fields: ["account": .string(account)]))
            #expect(answer.error?.message.contains("accounting/QOS policy") == true)
            guard compute.mode != .rest else { return }
            let script = "#!/bin/sh\n#SBATCH --hold\n#SBATCH --qos=\(try compute.cluster["LIMITED_QOS"])\ntrue\n"
            let id = try await compute.submit(script)
            let refusal = try await compute.expect(.forbidden, .post, compute.jobs, json: compute.description(script))
            #expect(refusal.error?.message.contains("QOSMaxSubmitJobPerUserLimit") == true)
            try await compute.cancel(id)
            _ = try await compute.wait(for: id) { $0.hasEnded }
        }
    }

    @Test("jobs are filtered by name, account and time", arguments: ComputeFixture.systems)
    func filters(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let name = ComputeFixture.uniqueName("CamelCase")
            let id = try await compute.submit(fields: ["name": .string(name)])
            _ = try await compute.wait(for: id) { $0.tasks?.isEmpty == false }
            #expect(try await compute.list("name=\(name)&time_window=1h").map(\.jobId) == [id])
            #expect(try await compute.list("account=myproject").contains { $0.jobId == id })
            #expect(try await compute.list("account=").contains { $0.jobId == id })
            #expect(try await compute.list("account=other").allSatisfy { $0.jobId != id })
            #expect(try await compute.list("name=%24%28id%29").isEmpty)
            try await compute.expect(.badRequest, .get, "\(compute.jobs)?time_window=2h&allusers=perhaps")
            try await compute.expect(.badRequest, .get, "\(compute.jobs)?name=\(String(repeating: "x", count: 236))")
        }
    }

    @Test("several ids find what is known of them; states and pages narrow it", arguments: ComputeFixture.systems)
    func ids(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let held = try await compute.submitByCommands("#!/bin/sh\n#SBATCH --hold\ntrue\n")
            let array = try await compute.submitByCommands("#!/bin/sh\n#SBATCH --hold\n#SBATCH --array=1-4\ntrue\n")
            let ended = try await compute.submit()
            _ = try await compute.wait(for: ended) { $0.hasEnded }
            let all = "ids=\(held),\(array)_2,\(ended),99999999"
            #expect(Set(try await compute.list(all).map(\.jobId)) == [held, "\(array)_[1-4]", ended])
            #expect(try await compute.list("ids=99999999").isEmpty)
            #expect(try await compute.list("ids=99999999,99999998").isEmpty)
            #expect(Set(try await compute.list("\(all)&state=PENDING").map(\.jobId)) == [held, "\(array)_[1-4]"])
            let page = try await compute.expect(.ok, .get, "\(compute.jobs)?\(all)&limit=1&offset=1").decoded(JobsAnswer.self)
            #expect(page.total == 3)
            #expect(page.jobs.count == 1)
            try await compute.cancel(held)
            try await compute.cancel(array)
        }
    }

    @Test("the names of a job's files are those of the files that it writes", arguments: ComputeFixture.systems)
    func files(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            guard compute.mode != .rest else { return }
            let name = ComputeFixture.uniqueName("na me")
            let pattern = "\(name)-%A-%a-%j-%J-%N-%n-%s-%t-%u-%x-%%-%6j.txt"
            let id = try await compute.submit(
                "#!/bin/sh\necho out\necho err >&2\n",
                ["name": .string(name), "standardOutput": .string(pattern), "standardError": .string("\(compute.home)/err-\(pattern)")])
            _ = try await compute.wait(for: id) { $0.hasEnded }
            let metadata = try await compute.metadata(id)
            let output = try #require(metadata.standardOutput)
            let error = try #require(metadata.standardError)
            defer { for file in [output, error] { try? FileManager.default.removeItem(atPath: file) } }
            #expect(output.hasPrefix("\(compute.home)/\(name)-\(id)-"))
            #expect(try await compute.content(of: output) == "out\n")
            #expect(try await compute.content(of: error) == "err\n")
            #expect(metadata.standardInput == "/dev/null")
        }
    }

    @Test("jobs are held, released and requeued", arguments: ComputeFixture.systems)
    func changes(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let id = try await compute.submitByCommands("#!/bin/sh\n#SBATCH --hold\n#SBATCH --requeue\nexec sleep 300\n")
            try await compute.put("release", id, expecting: .noContent)
            _ = try await compute.wait(for: id) { $0.status.state == "RUNNING" }
            if compute.mode == .rest {
                try await compute.put("requeue", id, expecting: .notImplemented)
            } else {
                try await compute.put("requeue", id, expecting: .noContent)
                // It begins again after a while.
                _ = try await compute.wait(for: id) { $0.status.state == "PENDING" }
                try await compute.put("hold", id, expecting: .noContent)
                #expect(try await compute.job(id).status.stateReason?.contains("JobHeldUser") == true)
            }
            try await compute.cancel(id)
            _ = try await compute.wait(for: id) { $0.hasEnded }
            let answer = try await compute.put("hold", id, expecting: .conflict)
            #expect(answer.error?.message.contains("Job has already finished") == true)
        }
    }

    @Test("what a job cannot be changed to is refused, in Slurm's words", arguments: ComputeFixture.systems)
    func refusedChanges(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            guard compute.mode != .rest else { return }
            let own = try await compute.submit("#!/bin/sh\n#SBATCH --no-requeue\nexec sleep 300\n")
            _ = try await compute.wait(for: own) { $0.status.state == "RUNNING" }
            let disabled = try await compute.put("requeue", own, expecting: .conflict)
            #expect(disabled.error?.message.contains("presently disabled") == true)
            for verb in ["hold", "release", "requeue"] { try await compute.put(verb, own, as: compute.otherUser, expecting: .forbidden) }
            try await compute.cancel(own)
        }
    }

    @Test("a command is started beside a running job and goes on by itself", arguments: ComputeFixture.systems)
    func attach(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let id = try await compute.submit("#!/bin/sh\nexec sleep 300\n")
            _ = try await compute.wait(for: id) { $0.status.state == "RUNNING" }
            if compute.mode == .rest {
                try await compute.attach("true", to: id, expecting: .notImplemented)
                try await compute.cancel(id)
                return
            }
            let file = "\(compute.home)/\(ComputeFixture.uniqueName("attached 'file'"))"
            defer { try? FileManager.default.removeItem(atPath: file) }
            let quoted = file.replacing("'", with: #"'\''"#)
            let start = ContinuousClock.now
            try await compute.attach("sleep 4; echo loud >&2; echo \"$SLURM_JOB_ID; $(echo 1)\" >'\(quoted)'; exec sleep 300", to: id, expecting: .noContent)
            #expect(ContinuousClock.now - start < .seconds(4))
            #expect(try await compute.content(of: file) == "\(id); 1\n")
            try await compute.attach("true", to: id, expecting: .noContent)

            let failure = try await compute.attach("echo 'it is broken' >&2; exit 7", to: id, expecting: .badRequest)
            #expect(failure.error?.message.hasPrefix("Remote process failed with exit status:7 and error message:") == true)
            #expect(failure.error?.message.contains("it is broken") == true)
            let nonsense = try await compute.attach("nonsense; true && false", to: id, expecting: .badRequest)
            #expect(nonsense.error?.message.contains("nonsense: command not found") == true)
            let foreign = try await compute.attach("true", to: id, as: compute.otherUser, expecting: .forbidden)
            #expect(foreign.error?.message.contains("Access/permission denied") == true)
            for body in [nil, .object([:]), .object(["command": .string("")]), .object(["command": .integer(1)])] as [JSONValue?] {
                try await compute.put("attach", id, body, expecting: .badRequest)
            }
            try await compute.cancel(id)
            _ = try await compute.wait(for: id) { $0.hasEnded }
            try await compute.attach("true", to: id, expecting: .conflict)
        }
    }

    @Test("tasks of an array are attached to by their ids, and none that waits", arguments: ComputeFixture.systems)
    func attachToTask(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            guard compute.mode != .rest else { return }
            let array = try await compute.submit("#!/bin/sh\n#SBATCH --array=1-3%2\nexec sleep 300\n")
            _ = try await compute.wait(for: "\(array)_2") { $0.status.state == "RUNNING" }
            let file = "\(compute.home)/\(ComputeFixture.uniqueName("attached"))"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try await compute.attach("echo $SLURM_JOB_ID >\(file)", to: "\(array)_2", expecting: .noContent)
            #expect(Int(try await compute.content(of: file).dropLast()) != nil)
            try await compute.attach("true", to: array, expecting: .badRequest)
            let waiting = try await compute.attach("true", to: "\(array)_3", expecting: .conflict)
            #expect(waiting.error?.message.contains("JobArrayTaskLimit") == true)
            try await compute.cancel(array)
        }
    }

    @Test("64 requests at once all succeed", arguments: ComputeFixture.systems)
    func concurrency(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 { group.addTask { _ = try await compute.list() } }
                try await group.waitForAll()
            }
        }
    }
}

extension ComputeFixture {
    func description(fields: [String: JSONValue]) -> JSONValue {
        description("#!/bin/sh\ntrue\n", fields)
    }

    func submit(fields: [String: JSONValue]) async throws -> String {
        try await submit("#!/bin/sh\ntrue\n", fields)
    }
}
