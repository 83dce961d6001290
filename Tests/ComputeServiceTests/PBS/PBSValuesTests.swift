import Testing

@testable import ComputeService

@Suite("how OpenPBS writes values")
struct PBSValuesTests {
    @Test(
        "durations are seconds",
        arguments: [("00:10:00", 600), ("100:00:01", 360_001), ("30", 30), ("01:30", 90), ("00:00:01.50", 1), ("", nil), ("x", nil), ("1:2:3:4", nil), ("-1:00:00", nil), (nil, nil)]
            as [(String?, Int?)])
    func durations(_ text: String?, _ seconds: Int?) {
        #expect(PBSTime.duration(text) == seconds)
    }

    @Test(
        "points in time are seconds since 1970",
        arguments: [
            ("Sat Nov 21 00:13:29 2026", 1_795_220_009), ("Thu Jan  1 00:00:00 1970", 0), ("Thu Feb 29 12:00:00 2024", 1_709_208_000),
            ("Fri Mar  1 00:00:00 2024", 1_709_251_200), ("Sun Dec 31 23:59:60 2000", 978_307_200), ("1795220009", 1_795_220_009), ("0", nil), ("UNKNOWN", nil),
            ("Sat Nov 32 00:13:29 2026", nil), ("Sat Foo 21 00:13:29 2026", nil), ("", nil), (nil, nil),
        ] as [(String?, Int?)])
    func points(_ text: String?, _ seconds: Int?) {
        #expect(PBSTime.point(text) == seconds)
    }

    @Test(
        "sizes are MiB",
        arguments: [
            ("24682416kb", 24103), ("2gb", 2048), ("1048576", 1), ("1mw", 8), ("3MB", 3), ("1tb", 1_048_576), ("0kb", 0), ("b", nil), ("1xb", nil), ("", nil),
            ("99999999999999999pb", nil), (nil, nil),
        ] as [(String?, Int?)])
    func sizes(_ text: String?, _ mebibytes: Int?) {
        #expect(PBSSize.mebibytes(text) == mebibytes)
    }

    @Test(
        "ids lose the server that was asked, and no other",
        arguments: [
            ("7.vm", "vm", "7"), ("7.vm", "vm.example.org", "7"), ("7.VM.example.org", "vm", "7"), ("7.other", "vm", "7.other"), ("7[].vm", "vm", "7[]"),
            ("7[3].vm", "vm", "7[3]"), ("0.vm", "vm", "0.vm"), ("7", "vm", "7"), ("7.vm", nil, "7"), ("7.other", nil, "7"),
        ] as [(String, String?, String)])
    func names(_ name: String, _ server: String?, _ short: String) {
        #expect(PBSJobName.short(name, on: server) == short)
    }
}
