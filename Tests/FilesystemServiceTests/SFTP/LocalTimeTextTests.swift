import Foundation
import Testing

@testable import FilesystemService

@Suite("Times of a system")
struct LocalTimeTextTests {
    @Test(
        "the change to summer time and back",
        arguments: [
            (1_774_745_999, "Europe/Zurich", "2026-03-29T01:59:59"), (1_774_746_000, "Europe/Zurich", "2026-03-29T03:00:00"),
            (1_792_889_999, "Europe/Zurich", "2026-10-25T02:59:59"), (1_792_890_000, "Europe/Zurich", "2026-10-25T02:00:00"),
            (0, "Etc/UTC", "1970-01-01T00:00:00"), (0, "America/New_York", "1969-12-31T19:00:00"), (951_782_400, "UTC", "2000-02-29T00:00:00"),
            (4_294_967_295, "UTC", "2106-02-07T06:28:15"), (1_700_000_000, "Asia/Kathmandu", "2023-11-15T03:58:20"),
        ])
    func edges(seconds: Int, zone: String, expected: String) throws {
        #expect(LocalTimeText(zone: try #require(TimeZone(identifier: zone))).text(atUnixTime: seconds) == expected)
    }

    @Test(
        "random times are what `date` says",
        arguments: ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "America/Sao_Paulo", "Etc/GMT+5"])
    func sameAsDate(zone: String) throws {
        let times = (0..<200).map { _ in Int.random(in: 0...2_100_000_000) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/date")
        process.arguments = ["-f", "-", "+%Y-%m-%dT%H:%M:%S"]
        process.environment = ["TZ": zone, "LC_ALL": "C"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(times.map { "@\($0)\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        let expected = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n").map(String.init)
        process.waitUntilExit()
        let text = LocalTimeText(zone: try #require(TimeZone(identifier: zone)))
        #expect(times.map(text.text(atUnixTime:)) == expected)
    }

    @Test(
        "the link of /etc/localtime names the zone",
        arguments: [
            ("/usr/share/zoneinfo/Europe/Zurich", "Europe/Zurich"), ("../usr/share/zoneinfo/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
            ("/usr/share/zoneinfo/posix/Asia/Tokyo", "Asia/Tokyo"), ("/usr/share/zoneinfo//UTC", "UTC"),
        ])
    func links(target: String, identifier: String) throws {
        let zone = try #require(SystemTimeZones.zone(behind: Array(target.utf8)))
        #expect(zone.secondsFromGMT(for: Date(timeIntervalSince1970: 1_750_000_000)) == TimeZone(identifier: identifier)?.secondsFromGMT(for: Date(timeIntervalSince1970: 1_750_000_000)))
    }

    @Test(
        "a link that names no zone tells nothing, nor one to zones that count leap seconds",
        arguments: ["", "/etc/other", "/usr/share/zoneinfo", "/usr/share/zoneinfo/No/Where", "/usr/share/zoneinfo/right/Europe/Zurich", "Europe/Zurich"])
    func otherLinks(target: String) {
        #expect(SystemTimeZones.zone(behind: Array(target.utf8)) == nil)
    }
}
