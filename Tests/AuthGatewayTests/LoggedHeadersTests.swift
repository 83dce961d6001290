import GoldcrestConfiguration
import HTTPTypes
import Logging
import Testing

@testable import AuthGateway

@Suite("Headers in the log")
struct LoggedHeadersTests {
    @Test("are those that the configuration names, under its names, and never credentials")
    func named() {
        let settings = LoggerSettings(loggableRequestHeaders: [
            .init(input: "User-Agent", output: "agent"), .init(input: "Authorization", output: "token"), .init(input: "cookie", output: "cookie"),
            .init(input: "not a header", output: "x"), .init(input: "Accept", output: "accept"),
        ])
        let metadata = LoggedHeaders(settings).metadata(of: [
            .userAgent: String(repeating: "a", count: 1000), .authorization: "Bearer secret", .cookie: "secret", .contentType: "text/plain",
        ])
        #expect(metadata == ["agent": "\(String(repeating: "a", count: 256))"])
    }
}
