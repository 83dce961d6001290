import GoldcrestProtocol
import NIOCore

/// A job in what `qstat -f -F json` prints.
struct PBSJob: Sendable {
    private let id: String
    private let attributes: PBSAttributes
    /// When the output was made, in seconds since 1970.
    private let now: Int?

    /// The jobs in their order; subjobs of arrays are jobs of their own.
    static func jobs(_ output: ByteBuffer) -> [PBSJob] {
        let document = PBSDocument(output, section: "Jobs")
        let server = document.facts["pbs_server"]
        let now = document.facts.integer("timestamp")
        return document.entries.map { PBSJob(id: PBSJobName.short($0.name, on: server), attributes: $0.attributes, now: now) }
    }

    private init(id: String, attributes: PBSAttributes, now: Int?) {
        self.id = id
        self.attributes = attributes
        self.now = now
    }

    /// The job as clients see it.
    var model: JobModel {
        let state = PBSJobState(attributes)
        return JobModel(
            jobId: id, name: attributes["Job_Name"] ?? "",
            status: JobStatus(state: state.base, stateReason: state.reason, exitCode: state.exitCode, interruptSignal: state.signal),
            tasks: [], time: time(state), account: account,
            allocationNodes: state.base == "PENDING" ? 0 : attributes.integer("Resource_List", "nodect") ?? hosts.count,
            cluster: attributes["server"] ?? "", group: attributes["egroup"] ?? attributes["group_list"]?.name,
            nodes: hosts.isEmpty ? "None assigned" : hosts.joined(separator: ","), partition: attributes["queue"] ?? "", killRequestUser: nil,
            user: user, workingDirectory: workingDirectory ?? attributes["jobdir"] ?? "", priority: attributes.integer("Priority"))
    }

    /// Where the job's files are. OpenPBS does not tell the script, and jobs have no standard input there.
    var metadata: JobMetadata {
        let output = path("Output_Path")
        let error = path("Error_Path")
        let join = attributes["Join_Path"] ?? "n"
        return JobMetadata(
            jobId: id, script: nil, standardInput: nil, standardOutput: join.hasPrefix("eo") ? error : output,
            standardError: join.hasPrefix("oe") ? output : error)
    }

    /// Whether the query is about this job.
    func answers(_ query: JobQuery, of asker: String) -> Bool {
        guard query.ids.isEmpty else { return true }
        return (query.allUsers || user == asker)
            && (query.account == nil || account == query.account)
            && (query.name == nil || attributes["Job_Name"] == query.name)
            && isWithin(query.timeWindow)
    }

    private func isWithin(_ window: JobQuery.TimeWindow) -> Bool {
        guard PBSJobState.isHistory(attributes["job_state"]), let now, let end = end ?? PBSTime.point(attributes["mtime"]) else { return true }
        return end >= now - window.hours * 3600
    }

    /// The project; the account string where there is none. Projects are what OpenPBS sets limits for.
    private var account: String? {
        guard let project = attributes["project"], project != Self.noProject else { return attributes["Account_Name"] }
        return project
    }

    /// What a job without a project has (Reference Guide, "project").
    private static let noProject = "_pbs_project_default"

    /// The one who runs the job, which only managers see, or the one who submitted it.
    private var user: String? { attributes["euser"] ?? attributes["Job_Owner"]?.name }

    // MARK: - Times

    private func time(_ state: PBSJobState) -> JobTime {
        let start = PBSTime.point(attributes["stime"])
        return JobTime(
            elapsed: elapsed(state, since: start), submitTime: PBSTime.point(attributes["ctime"]) ?? PBSTime.point(attributes["qtime"]), start: start,
            end: end, suspended: nil, limit: PBSTime.duration(attributes["Resource_List", "walltime"]))
    }

    private var end: Int? {
        guard PBSJobState.isEnd(attributes["job_state"]) else { return nil }
        // A job that was deleted before its start has no obituary.
        return PBSTime.point(attributes["obittime"]) ?? attributes.integer("history_timestamp") ?? PBSTime.point(attributes["mtime"])
    }

    /// What the nodes tell of the time used comes late while a job runs, and never for arrays.
    private func elapsed(_ state: PBSJobState, since start: Int?) -> Int? {
        let used = PBSTime.duration(attributes["resources_used", "walltime"])
        switch state.base {
        case "PENDING": return used ?? 0
        case "RUNNING": return start.flatMap { start in now.map { max(0, $0 - start) } } ?? used
        default: return used ?? start.flatMap { start in end.map { max(0, $0 - start) } }
        }
    }

    // MARK: - Places

    /// The hosts of `node1/0*4+node2/1`, each once.
    private var hosts: [String] {
        guard let text = attributes["exec_host"] else { return [] }
        var seen: Set<Substring> = []
        return text.split(separator: "+").map { $0.prefix { $0 != "/" } }.filter { seen.insert($0).inserted }.map(String.init)
    }

    /// Where the job was submitted. The variables stand in an object; older releases have them in one text.
    private var workingDirectory: String? {
        if let directory = attributes["Variable_List", "PBS_O_WORKDIR"] { return directory }
        return attributes["Variable_List"].flatMap { PBSVariableList($0)["PBS_O_WORKDIR"] }
    }

    /// A path as `host:/path/^array_index^`: without the host, and with a subjob's index.
    private func path(_ name: String) -> String? {
        guard let text = attributes[name] else { return nil }
        let behindHost = text.firstRange(of: ":/").map { text[text.index(after: $0.lowerBound)...] }
        let path = text.hasPrefix("/") ? text : behindHost.map(String.init) ?? text
        return attributes["array_index"].map { path.replacing("^array_index^", with: $0) } ?? path
    }
}

extension String {
    /// The name in front of a host: `ada@login1`.
    fileprivate var name: String { String(prefix { $0 != "@" }) }
}
