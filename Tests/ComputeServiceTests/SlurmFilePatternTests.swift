import Testing

@testable import ComputeService

@Suite("names of a job's files")
struct SlurmFilePatternTests {
    private let job = SlurmFilePattern(job: "19", array: "19", task: SlurmFilePattern.noTask, name: "n%j", user: "fireuser", node: "vm")
    private let task = SlurmFilePattern(job: "26", array: "20", task: "7", name: "arr", user: "fireuser", node: nil)

    @Test(
        "symbols are filled in as slurmd did it in these directories",
        arguments: [
            (
                "1-%b-%z-%12j-%4x-%4N-%4u-%4s-%4t-%4n-%4J-%%j-%x-%4%-%.txt",
                "1-%b-%z-0000000019-n%j-vm-fireuser-batch-0000-0000-0019-%j-n%j-4%-%.txt"
            ),
            ("3-%%%j", "3-%19"), ("5-%", "5-%"), ("6-%00004j", "6-0019"), (#"a\b-%j.txt"#, "ab-%j.txt"),
            ("%A_%a", "19_4294967294"), ("plain", "plain"), ("%99999999999999999999j", "0000000019"), ("%4", "4"),
        ])
    func symbols(_ pattern: String, _ name: String) {
        #expect(job.path(pattern, in: "/home") == "/home/\(name)")
    }

    @Test("a task of an array has its own numbers; what is not known yet stays")
    func tasks() {
        #expect(task.path("2-%b-%4a-%4A-%J-%20j-%.txt", in: "/d") == "/d/2-%b-0007-0020-26-0000000026-%.txt")
        #expect(task.path("/x/%N", in: "/d") == "/x/%N")
        var range = task
        range.task = nil
        #expect(range.path("/x/%a-%3a-%x", in: "/d") == "/x/%a-3a-arr")
    }

    @Test("a path that the controller has begun to fill in keeps the name as it is")
    func completing() {
        #expect(job.path(completing: "/d/n%j-%N-%t.txt") == "/d/n%j-vm-0.txt")
        #expect(task.path(completing: "/d/arr-%4a.txt") == "/d/arr-0007.txt")
    }

    @Test(
        "the first node of a list is the one that runs the script",
        arguments: [
            ("vm", "vm"), ("node[01-04,7],other", "node01"), ("a,b", "a"), ("n[3]", "n3"), ("n[1-2]-ib", "n1-ib"), ("None assigned", nil), ("", nil),
            ("(null)", nil), ("r[1-2]n[3-4]", nil),
        ] as [(String, String?)])
    func firstNode(_ list: String, _ node: String?) {
        #expect(SlurmFilePattern.firstNode(of: list) == node)
    }
}
