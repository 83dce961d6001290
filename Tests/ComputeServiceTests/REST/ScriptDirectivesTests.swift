import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import Testing

@testable import ComputeService

@Suite("a script's directives as fields of a job")
struct ScriptDirectivesTests {
    private static let old = version("0.0.38")
    private static let new = version("0.0.42")

    private static func version(_ text: String) -> SlurmRESTVersion {
        guard let version = SlurmRESTVersion(text) else { preconditionFailure("\(text) is a version") }
        return version
    }

    private func fields(_ lines: String..., for version: SlurmRESTVersion = Self.new) throws -> [String: JSONValue] {
        try ScriptDirectives("#!/bin/sh\n" + lines.joined(separator: "\n") + "\ntrue\n").fields(for: version)
    }

    private static func number(_ number: Int64) -> JSONValue {
        .object(["set": .bool(true), "infinite": .bool(false), "number": .integer(number)])
    }

    @Test("long and short options, with and without an equals sign, several in a line")
    func forms() throws {
        let expected: [String: JSONValue] = [
            "name": .string("a b"), "account": .string("myproject"), "partition": .string("part01"), "tasks": .integer(4), "hold": .bool(true),
        ]
        #expect(try fields(#"#SBATCH --job-name="a b" -A myproject"#, "#SBATCH --partition part01 -n4 # four of them", "", "# a comment", "#SBATCH\t-H") == expected)
        #expect(try fields(#"#SBATCH -J a\ b --account='myproject' -p part01"#, "#SBATCH --ntasks=4 --hold") == expected)
    }

    @Test("lines of megabytes are read in the time that they take to pass, and shown in part", .timeLimit(.minutes(1)))
    func longLines() throws {
        let long = String(repeating: "a", count: 2 << 20)
        #expect(try fields("#SBATCH --comment=\(long)") == ["comment": .string(long)])
        #expect(try fields("#SBATCH" + String(repeating: " -H", count: 200_000)) == ["hold": .bool(true)])
        let error = try #require(throws: APIError.self) { try fields("#SBATCH --unheard-of=\(long)") }
        #expect(error.message.utf8.count < 1000)
    }

    @Test("what stands behind the first command is no directive")
    func afterCommand() throws {
        #expect(try fields("true", "#SBATCH --exclusive") == [:])
        #expect(try fields("# SBATCH --exclusive", "##SBATCH --exclusive") == [:])
    }

    @Test("each version gets numbers as it wants them")
    func numbers() throws {
        let lines = "#SBATCH --time=1:30:00 --mem=2G -c 2 --nodes=1-2 --begin=now+1hour --gres=gpu:2 --mail-type=END,FAIL --requeue"
        let now = Int(Date().timeIntervalSince1970)
        var new = try fields(lines)
        guard case .object(let begin)? = new.removeValue(forKey: "begin_time"), case .integer(let time)? = begin["number"] else {
            Issue.record("no time to begin")
            return
        }
        #expect(abs(Int(time) - now - 3600) < 10)
        #expect(
            new == [
                "time_limit": Self.number(90), "memory_per_node": Self.number(2048), "cpus_per_task": .integer(2), "nodes": .string("1-2"),
                "tres_per_node": .string("gres/gpu:2"), "mail_type": .array([.string("END"), .string("FAIL")]), "requeue": .bool(true),
            ])
        var old = try fields(lines, for: Self.old)
        guard case .string(let text)? = old.removeValue(forKey: "begin_time") else {
            Issue.record("no time to begin")
            return
        }
        #expect(text.hasPrefix("uts"))
        #expect(
            old == [
                "time_limit": .integer(90), "memory_per_node": .integer(2048), "cpus_per_task": .integer(2), "nodes": .string("1-2"),
                "gres": .string("gpu:2"), "mail_type": .string("END,FAIL"), "requeue": .bool(true),
            ])
    }

    @Test("limits of time in every form of sbatch", arguments: [("30", 30), ("0:30", 1), ("1:30:00", 90), ("1-0", 1440), ("1-1:30", 1530), ("1-1:30:01", 1531), ("2:01", 3)])
    func times(_ text: String, _ minutes: Int64) throws {
        #expect(try fields("#SBATCH -t \(text)") == ["time_limit": Self.number(minutes)])
    }

    @Test("no limit of time")
    func unlimited() throws {
        #expect(try fields("#SBATCH -t UNLIMITED", for: Self.old) == ["time_limit": .string("UNLIMITED")])
        #expect(try fields("#SBATCH -t INFINITE") == ["time_limit": .object(["set": .bool(false), "infinite": .bool(true), "number": .integer(0)])])
    }

    @Test("what sbatch would refuse is 400 and names the line", arguments: ["--time=soon", "--time=1:2:3:4", "--mem=lots", "--ntasks=four", "-n", "--hold=yes", "wrong", "--job-name='open", "--mail-type=WHENEVER"])
    func invalid(_ directive: String) {
        let error = #expect(throws: APIError.self) { try fields("#SBATCH \(directive)") }
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains("#SBATCH \(directive)") == true)
    }

    @Test("what slurmrestd has no field for is 501 and names the line", arguments: ["--exclusive", "-w node1", "--begin=2030-01-01", "--export=A=b", "--gpus=2", "-x node1", "--unheard-of"])
    func impossible(_ directive: String) {
        let error = #expect(throws: APIError.self) { try fields("#SBATCH \(directive)") }
        #expect(error?.status == .notImplemented)
        #expect(error?.message.contains("#SBATCH \(directive)") == true)
    }

    // MARK: - The whole job

    private func job(_ script: String) throws -> JobSubmission {
        JobSubmission(script: .text(script), workingDirectory: try AbsolutePath(normalising: "/home/ada"))
    }

    private func body(_ job: JobSubmission, _ version: SlurmRESTVersion) throws -> JSONValue {
        let body = try RESTJobDescription(job, version: version).body(version)
        return try JSONDecoder().decode(JSONValue.self, from: Data(body.readableBytesView))
    }

    @Test("the request's own fields win")
    func precedence() throws {
        var job = try job("#!/bin/sh\n#SBATCH -J script -p part02 --chdir=/elsewhere\ntrue\n")
        job.name = "request"
        let fields = try RESTJobDescription(job, version: Self.new).fields
        #expect(fields["name"] == .string("request"))
        #expect(fields["partition"] == .string("part02"))
        #expect(fields["current_working_directory"] == .string("/home/ada"))
        #expect(try RESTJobDescription(try self.job("#!/bin/sh\n"), version: Self.new).fields["name"] == .string("sbatch"))
    }

    @Test("script and environment stand where the version looks for them")
    func placement() throws {
        var job = try job("#!/bin/sh\ntrue\n")
        job.environment = ["A": "b,c=\"d\"\n"]
        let path = "/usr/local/bin:/usr/bin:/bin"
        guard case .object(let old) = try body(job, Self.old), case .object(let oldJob)? = old["job"] else {
            Issue.record("no job")
            return
        }
        #expect(old["script"] == .string("#!/bin/sh\ntrue\n"))
        #expect(oldJob["script"] == nil)
        #expect(oldJob["environment"] == .object(["A": .string("b,c=\"d\"\n"), "PATH": .string(path)]))
        guard case .object(let new) = try body(job, Self.new), case .object(let newJob)? = new["job"] else {
            Issue.record("no job")
            return
        }
        #expect(new["script"] == nil)
        #expect(newJob["script"] == .string("#!/bin/sh\ntrue\n"))
        #expect(newJob["environment"] == .array([.string("A=b,c=\"d\"\n"), .string("PATH=\(path)")]))
    }

    @Test("a script that cannot run is 400, one on the system 501")
    func scripts() throws {
        for text in ["true\n", "", "#!/bin/sh\r\ntrue\r\n"] {
            let job = try job(text)
            let error = #expect(throws: APIError.self) { try RESTJobDescription(job, version: Self.new) }
            #expect(error?.status == .badRequest)
        }
        var job = try job("")
        job.script = .file(try AbsolutePath(normalising: "/home/ada/job.sh"))
        let error = #expect(throws: APIError.self) { try RESTJobDescription(job, version: Self.new) }
        #expect(error?.status == .notImplemented)
    }

    @Test("versions that are not known yet behave like the newest known")
    func versions() {
        let future = Self.version("v0.0.47")
        #expect(future.name == "v0.0.47")
        #expect(future.putsScriptIntoJob && future.listsEnvironment && future.filtersByUser && !future.takesOptions)
        for text in ["", "42", "0.0", "0.0.42/../x", "0.1.2", "v0.0.42 "] { #expect(SlurmRESTVersion(text) == nil) }
    }
}
