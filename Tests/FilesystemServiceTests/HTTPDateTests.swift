import Foundation
import Testing

@testable import FilesystemService

@Suite("Dates in headers")
struct HTTPDateTests {
    @Test("all three forms are read", arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func forms(text: String) {
        #expect(HTTPDate(text) == HTTPDate(seconds: 784_111_777))
    }

    @Test("a year of two digits is at most 50 years ahead")
    func shortYears() throws {
        let now = try #require(HTTPDate("Sat, 21 Nov 2026 00:00:00 GMT"))
        func year(_ digits: String) -> String? { HTTPDate("Sunday, 06-Nov-\(digits) 08:49:37 GMT", now: now)?.text.split(separator: " ")[3].description }
        #expect(year("76") == "2076")
        #expect(year("77") == "1977")
        #expect(year("00") == "2000")
    }

    @Test("what is written is what Foundation writes, and is read again", arguments: [
        0, 1, 59, 86_399, 86_400, 951_782_400, 951_868_800, 1_078_012_800, 1_795_250_171, 4_102_444_800, -1, -86_401, -2_208_988_800,
    ])
    func roundTrip(seconds: Int64) {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = HTTPDate(seconds: seconds)
        #expect(date.text == formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds))))
        #expect(HTTPDate(date.text) == date)
    }

    @Test("times that no date has are written as the nearest that has one", arguments: [
        (Int64.min, "0000"), (Int64.max, "9999"),
    ])
    func extremes(seconds: Int64, year: String) {
        #expect(HTTPDate(seconds: seconds).text.split(separator: " ")[3] == year)
    }

    @Test("what is no date isn't taken for one", arguments: [
        "", "now", "Sun, 31 Feb 2020 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 0 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 19940 08:49:37 GMT",
        String(repeating: "1", count: 100_000),
    ])
    func malformed(text: String) {
        #expect(HTTPDate(text) == nil)
    }
}
