import Testing

@testable import ComputeService

@Suite("states of OpenPBS's jobs")
struct PBSJobStateTests {
    private func state(_ attributes: [String: String]) -> PBSJobState {
        PBSJobState(PBSAttributes(values: attributes.mapValues { .text($0) }))
    }

    @Test(
        "letters become words that clients know",
        arguments: [
            ("Q", "PENDING"), ("H", "PENDING"), ("W", "PENDING"), ("T", "PENDING"), ("R", "RUNNING"), ("E", "RUNNING"), ("B", "RUNNING"),
            ("S", "SUSPENDED"), ("U", "SUSPENDED"), ("M", "REVOKED"), ("?", "PENDING"),
        ])
    func letters(_ letter: String, _ base: String) {
        let state = state(["job_state": letter, "Exit_status": "0"])
        #expect(state.base == base)
        #expect(state.exitCode == nil)
    }

    @Test(
        "how a job ended is told by its exit status and substate",
        arguments: [
            ("0", "92", "COMPLETED", 0, nil), ("3", "93", "FAILED", 3, nil), ("143", "93", "FAILED", 143, nil),
            ("271", "93", "FAILED", 0, 15), ("271", "91", "CANCELLED", 0, 15), ("265", "91", "CANCELLED", 0, 9),
            ("-29", "93", "TIMEOUT", nil, nil), ("-28", "93", "TIMEOUT", nil, nil), ("-27", "93", "OUT_OF_MEMORY", nil, nil),
            ("-20", "93", "NODE_FAIL", nil, nil), ("-1", "93", "FAILED", nil, nil), ("-3", "91", "CANCELLED", nil, nil),
            (nil, "91", "CANCELLED", nil, nil), (nil, "92", "COMPLETED", nil, nil), (nil, "93", "FAILED", nil, nil), (nil, nil, "CANCELLED", nil, nil),
            ("0", nil, "COMPLETED", 0, nil), ("1", nil, "FAILED", 1, nil),
        ] as [(String?, String?, String, Int?, Int?)], ["F", "X"])
    func ends(_ end: (exitStatus: String?, substate: String?, base: String, exitCode: Int?, signal: Int?), _ letter: String) {
        var attributes = ["job_state": letter]
        attributes["Exit_status"] = end.exitStatus
        attributes["substate"] = end.substate
        let state = state(attributes)
        #expect(state.base == end.base)
        #expect(state.exitCode == end.exitCode)
        #expect(state.signal == end.signal)
    }

    @Test("the comment is the reason, and OpenPBS's own exit status stands behind it")
    func reasons() {
        #expect(state(["job_state": "F", "Exit_status": "-29", "comment": "and failed"]).reason == "and failed (Exit_status -29)")
        #expect(state(["job_state": "F", "Exit_status": "-29"]).reason == "Exit_status -29")
        #expect(state(["job_state": "F", "Exit_status": "0"]).reason == nil)
        #expect(state(["job_state": "H", "comment": "too many failed attempts"]).reason == "too many failed attempts")
        #expect(state(["job_state": "E"]).reason == "Exiting")
        #expect(state(["job_state": "?"]).reason == "?")
    }
}
