import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Testing

@Suite("Request ids")
struct RequestIdentityTests {
    @Test("are made up as 32 hexadecimal digits")
    func madeUp() throws {
        let identity = try RequestIdentity(headerFields: [:])
        #expect(identity.requestID.count == 32)
        #expect(identity.requestID.allSatisfy { $0.isHexDigit })
        #expect(identity.requestID != identity.correlationID)
    }

    @Test("are echoed when the client sends a UUID", arguments: [
        "0123456789abcdef0123456789ABCDEF", "01234567-89ab-cdef-0123-456789abcdef",
    ])
    func echoed(id: String) throws {
        #expect(try RequestIdentity(headerFields: [.requestID: id]).requestID == id)
    }

    @Test("are refused when they are anything else", arguments: [
        "", "1", "0123456789abcdef0123456789abcdeg", "0123456-789ab-cdef-0123-456789abcdef", String(repeating: "a", count: 10_000),
    ])
    func refused(id: String) {
        let error = #expect(throws: APIError.self) { try RequestIdentity(headerFields: [.correlationID: id]) }
        #expect(error?.status == .badRequest)
    }
}
