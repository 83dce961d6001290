import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Testing

@testable import ComputeService

@Suite("What clients may ask of the list of jobs")
struct JobListingRequestTests {
    private func listing(_ query: String) throws -> JobListing {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/compute/s/jobs?\(query)")
        return try JobListing(try QueryFields(of: Request(head: head, body: RequestBody(buffer: .init()))))
    }

    @Test("nothing asked means one's own jobs of the last day")
    func nothing() throws {
        #expect(try listing("") == JobListing())
        #expect(try listing("account=&name=") == JobListing())
        #expect(JobListing().query.timeWindow == .day)
    }

    @Test("more ids than there may be are refused at once, however many", .timeLimit(.minutes(1)))
    func manyIDs() throws {
        for id in ["1,", "[", "1_[1,"] {
            let error = try #require(throws: APIError.self) { try listing("ids=" + String(repeating: id, count: 1 << 20)) }
            #expect(error.fields.map(\.name) == ["ids"])
        }
    }

    @Test("everything at once")
    func everything() throws {
        let listing = try listing("ids=12,13_4,14_[1,3-5],15&allusers=true&account=a&name=n&time_window=7d&state=running,PENDING&offset=10&limit=5")
        #expect(listing.query.ids.map(\.text) == ["12", "13_4", "14_[1,3-5]", "15"])
        #expect(listing.query.allUsers && listing.query.account == "a" && listing.query.name == "n" && listing.query.timeWindow == .week)
        #expect(listing.states == ["RUNNING", "PENDING"])
        #expect(listing.offset == 10 && listing.limit == 5)
    }

    @Test(
        "what makes no sense is refused, by its name",
        arguments: [
            ("ids=", "ids"), ("ids=abc", "ids"), ("ids=1,,2", "ids"), ("ids=1,;reboot", "ids"), ("ids=0", "ids"), ("ids=[1,2]", "ids"),
            ("ids=\(String(repeating: "1,", count: 1000))1", "ids"),
            ("state=", "state"), ("state=A,", "state"), ("state=RUNNING%00", "state"), ("state=1", "state"),
            ("limit=-1", "limit"), ("limit=x", "limit"), ("limit=", "limit"), ("offset=-1", "offset"), ("offset=99999999999999999999", "offset"),
            ("time_window=2h", "time_window"), ("allusers=", "allusers"), ("account=%00", "account"),
            ("name=\(String(repeating: "n", count: 236))", "name"),
        ])
    func refusals(query: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try listing(query) }
        #expect(error.status == .badRequest)
        #expect(error.fields.map(\.name) == [field])
    }
}
