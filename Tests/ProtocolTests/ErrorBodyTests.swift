import Foundation
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("The error body")
struct ErrorBodyTests {
    private func json(_ error: APIError, user: String?) throws -> [String: JSONValue] {
        let data = try JSONEncoder().encode(error.body(user: user))
        return try JSONDecoder().decode([String: JSONValue].self, from: data)
    }

    @Test("shows absent values as null")
    func nulls() throws {
        let body = try json(APIError(.notFound, "Job not found"), user: nil)
        #expect(body == ["errorType": "error", "message": "Job not found", "causedBy": .null, "data": .null, "user": .null])
    }

    @Test("lists every wrong field of a validation error")
    func fields() throws {
        let error = APIError.validation([
            .init(location: .query, name: "lines", message: "must be an integer"),
            .init(location: .body, name: "job.script", message: "is required"),
        ])
        let body = try json(error, user: "fireuser")
        #expect(body["errorType"] == "validation")
        #expect(body["user"] == "fireuser")
        #expect(
            body["data"] == [
                "fields": [
                    ["location": "query", "name": "lines", "message": "must be an integer"],
                    ["location": "body", "name": "job.script", "message": "is required"],
                ]
            ])
    }

    @Test("is read back as it was written")
    func roundTrip() throws {
        let body = APIError(.badRequest, "no", causes: ["because"]).body(user: "u")
        let copy = try JSONDecoder().decode(ErrorBody.self, from: JSONEncoder().encode(body))
        #expect(copy == body)
    }
}
