import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import ComputeService

@Suite("how slurmrestd says what became of a request")
struct RESTReplyTests {
    private func reply(_ path: String) throws -> RESTReply {
        try RESTFixture.read(path) { _ -> Int? in nil }.reply
    }

    private func refusal(_ path: String) throws -> APIError? {
        let reply = try reply(path)
        let refusal = #expect(throws: RESTRefusal.self) { try reply.requireSuccess() }
        return refusal?.apiError
    }

    @Test("the id of a new job", arguments: [("0.0.38", 7), ("0.0.42", 2017)])
    func submitted(_ version: String, _ id: Int) throws {
        let reply = try reply("slurmrestd-\(version)/submit_ok.json")
        #expect(reply.jobID == id)
        #expect(throws: Never.self) { try reply.requireSuccess() }
    }

    @Test("an unknown partition is the caller's mistake, in Slurm's words", arguments: RESTFixture.versions)
    func badPartition(_ version: String) throws {
        let error = try refusal("slurmrestd-\(version)/submit_bad_partition.json")
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains("Invalid partition name specified") == true)
    }

    @Test("an unknown job is 404 in every version and form", arguments: ["0.0.38/slurm_job_999999", "0.0.42/slurm_job_999999", "0.0.38/cancel_unknown", "0.0.42/cancel_unknown"])
    func unknownJob(_ path: String) throws {
        #expect(try refusal("slurmrestd-\(path).json")?.status == .notFound)
    }

    @Test("another user's job is 403")
    func foreignJob() throws {
        let error = try refusal("slurmrestd-0.0.38/cancel_foreign.json")
        #expect(error?.status == .forbidden)
        #expect(error?.message == "unable to kill JobId=13 with signal 9: Access/permission denied")
    }

    @Test("that accounting found nothing is an answer", arguments: RESTFixture.versions)
    func nothingFound(_ version: String) throws {
        let reply = try reply("slurmrestd-\(version)/slurmdb_job_999999.json")
        #expect(throws: Never.self) { try reply.requireSuccess() }
    }

    private func refusal(_ status: HTTPResponse.Status, _ errors: String) throws -> APIError? {
        var reply = RESTReply(status: status)
        try Array(errors.utf8).withUnsafeBytes { try reply.take("errors", $0) }
        do {
            try reply.requireSuccess()
            return nil
        } catch let refusal as RESTRefusal {
            return refusal.apiError
        }
    }

    @Test("a token that Slurm refuses is 403 with the remedy")
    func refusedToken() throws {
        let error = try refusal(.ok, #"[{"error_number": 1007, "error": "Protocol authentication error", "source": "slurmdb_jobs_get"}]"#)
        #expect(error?.status == .forbidden)
        #expect(error?.message.contains("AuthAltTypes") == true)
        #expect(try refusal(.unauthorized, "[]")?.status == .forbidden)
    }

    @Test("the controller's nameless failure says what may be behind it")
    func nameless() throws {
        let error = try refusal(.internalServerError, #"[{"description": "Failed while looking for jobs", "error_number": -1, "error": "Unspecified error"}]"#)
        #expect(error?.status == .internalServerError)
        #expect(error?.message.hasPrefix("Failed while looking for jobs: Unspecified error") == true)
        #expect(error?.message.contains("token") == true)
    }

    @Test("a held job's notice is no failure, an error without a text is one")
    func notices() throws {
        #expect(try refusal(.ok, #"[{"error_code": 2042, "error": "Job is in held state, pending scheduler release"}]"#) == nil)
        #expect(try refusal(.ok, #"[{"description": "job array update from [localhost]:36436 failed", "source": "_parse_job_list"}]"#) == nil)
        #expect(
            try refusal(.ok, #"[{"description": "job array update from [localhost]:36502 failed", "error_number": 2010, "error": "Invalid user id"}]"#)?.status == .forbidden)
        #expect(try refusal(.unprocessableContent, #"[{"description": "Rejecting request.", "error_number": 9000}]"#)?.status == .badRequest)
        #expect(try refusal(.ok, #"[{"error_code": 77}]"#)?.message == "Slurm error 77")
        #expect(try refusal(.internalServerError, "[]")?.status == .internalServerError)
        #expect(try refusal(.badRequest, #"[{"error_code": 9001, "error": "Failure during parsing"}]"#)?.status == .badRequest)
        #expect(try refusal(.ok, "{}") == nil)
    }
}
