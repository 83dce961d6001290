import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore
import Testing

@testable import ComputeService

@Suite("what OpenPBS says on standard error")
struct PBSRefusalTests {
    private func recorded(_ name: String) throws -> APIError {
        let status = try #require(Int(RecordedPBS.text(name, "exit").filter(\.isNumber)))
        return PBSRefusal(RemoteResult(exitStatus: status, standardError: ByteBuffer(string: RecordedPBS.text(name, "stderr")))).apiError
    }

    @Test("an unknown job is the 404 that clients know", arguments: ["qstat_unknown", "qdel_unknown"])
    func unknownJob(_ name: String) throws {
        #expect(try recorded(name) == JobID.notFound)
    }

    @Test("an unknown queue is the caller's mistake, in OpenPBS's words")
    func unknownQueue() throws {
        let error = try recorded("qsub_bad_queue")
        #expect(error.status == .badRequest)
        #expect(error.message == "Remote process failed with exit status:170 and error message:qsub: Unknown queue")
    }

    @Test(
        "each kind of failure has its status",
        arguments: [
            ("qdel: Unauthorized Request  7.vm", 159, 403), ("qrerun: Unauthorized Request  7.vm", 159, 403), ("qsub: Access to queue is denied", 174, 403),
            ("qsub: would exceed queue workq's per-user limit of jobs in 'Q' state", 38, 403), ("qsub: Maximum number of jobs already in queue workq", 198, 403),
            ("qsub: would exceed per-project limit on resource ncpus in complex", 39, 403),
            ("qsub: Job violates queue and/or server resource limits", 188, 400), ("qsub: Illegal attribute or resource value Resource_List.walltime", 166, 400),
            ("qsub: Unknown resource: foo", 187, 400), ("qsub: Queue is not enabled", 173, 400), ("qsub: illegal -N value\nusage: qsub [-a date_time]", 2, 400),
            ("qsub: script file:: No such file or directory", 1, 400), ("sh: 1: cd: can't cd to /nope", 2, 400), ("bash: line 1: cd: /root: Permission denied", 1, 403),
            ("qsub: directive error: -Z ", 2, 400), ("qsub: Array job exceeds server or queue size limit", 3, 400),
            ("Connection refused\nqstat: cannot connect to server vm (errno=111)", 111, 503), ("qsub: Request not allowed: Server shutting down", 212, 503),
            ("qhold: Request invalid for state of job 7.vm", 168, 409), ("qrls: Job has finished 7.vm", 35, 409), ("qhold: No support for requested service 7.vm", 181, 501),
            ("qdel: illegally formed job identifier: 1.a_b", 1, 404), ("qsub: Unknown Job Id 99.vm", 153, 400), ("", 153, 404), ("", 170, 400), ("", 159, 403), ("qstat: PBS server internal error", 163, 500), ("", 1, 500), ("qstat: command not found", 127, 500),
            ("qstat: invalid option -- 'F'\nusage: qstat", 2, 500), ("qsub: could not create/open tmp file /tmp/x for script", 4, 500),
            ("qsub: invalid option -- 'Z'\nqsub: directive error: -Z ", 2, 400),
        ])
    func statuses(_ words: String, _ exitStatus: Int, _ status: Int) {
        let result = RemoteResult(exitStatus: exitStatus, standardError: ByteBuffer(string: words))
        #expect(PBSRefusal(result).apiError.status.code == status)
    }

    @Test("a server that does not answer in time is 504")
    func timeout() {
        #expect(PBSRefusal(RemoteResult(exitStatus: 124)).apiError.status == .gatewayTimeout)
        #expect(PBSRefusal(RemoteResult(exitStatus: 1, standardError: ByteBuffer(string: "Connection timed out"))).apiError.status == .gatewayTimeout)
    }
}
