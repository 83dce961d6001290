import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("values in Slurm's output")
struct SlurmValuesTests {
    @Test(
        "durations are seconds",
        arguments: [
            ("0:26", 26), ("1:00", 60), ("01:02:03", 3723), ("365-00:00:00", 31_536_000), ("00:00:01.500", 1), ("UNLIMITED", nil), ("", nil), ("-", nil),
            ("1-", nil), ("NOT_SET", nil), ("99999999999999999999:00", nil), ("1:2:3:4", nil), ("-1:00", nil), ("9223372036854775807-0:0:0", nil),
        ] as [(String, Int?)])
    func durations(_ text: String, _ seconds: Int?) {
        #expect(SlurmTime.duration(text) == seconds)
    }

    @Test("limits in minutes are seconds", arguments: [(60, 3600), (nil, nil), (.max, nil), (-1, nil)] as [(Int?, Int?)])
    func minutes(_ minutes: Int?, _ seconds: Int?) {
        #expect(SlurmTime.seconds(minutes: minutes) == seconds)
    }

    @Test(
        "a field is a number only if it is one",
        arguments: [
            ("1795252892", 1_795_252_892), ("0", 0), ("Unknown", nil), ("None", nil), ("N/A", nil), ("", nil), ("-1", nil), ("1 ", nil), ("１", nil),
            ("9999999999999999999999", nil),
        ] as [(String, Int?)])
    func integers(_ text: String, _ value: Int?) {
        var values: [Int?] = []
        SlurmTable(fieldCount: 1, separator: FieldSeparator("|")).forEachRow(in: ByteBuffer(string: "\(text)|\n")) { values.append($0.integer(0)) }
        #expect(values == [value])
    }

    @Test(
        "states are told in the words that clients know",
        arguments: [
            ("COMPLETED", "COMPLETED", nil), ("CANCELLED by 1001", "CANCELLED", nil), ("RUNNING+", "RUNNING", nil), ("COMPLETING", "RUNNING", "COMPLETING"),
            ("REQUEUE_HOLD", "PENDING", "REQUEUE_HOLD"), ("EXPEDITING", "PENDING", "EXPEDITING"), ("OUT_OF_MEMORY", "OUT_OF_MEMORY", nil), ("", "", nil),
        ] as [(String, String, String?)])
    func states(_ text: String, _ base: String, _ flag: String?) {
        let state = SlurmState(text)
        #expect(state.base == base)
        #expect(state.flag == flag)
    }

    @Test("a flag is told beside the reason, where there is one")
    func reasons() {
        #expect(SlurmState("RUNNING").reason("None") == "None")
        #expect(SlurmState("RUNNING").reason(nil) == nil)
        #expect(SlurmState("COMPLETING").reason("None") == "COMPLETING")
        #expect(SlurmState("CONFIGURING").reason(nil) == "CONFIGURING")
        #expect(SlurmState("REQUEUE_HOLD").reason("launch_failed_requeued_held") == "REQUEUE_HOLD, launch_failed_requeued_held")
    }

    @Test("who cancelled a job is a number, if it is told")
    func canceller() {
        #expect(SlurmState("CANCELLED by 1001").cancelledBy == 1001)
        #expect(SlurmState("CANCELLED").cancelledBy == nil)
        #expect(SlurmState("CANCELLED by root").cancelledBy == nil)
    }

    @Test("id's output names user, group and groups")
    func identity() throws {
        let info = try #require(IdentityOutput.userInfo(try Fixture.bytes("slurm-24.11/id.stdout"), accounts: nil))
        #expect(info.user == UserInfo.Identity(id: "2002", name: "firesrv"))
        #expect(info.group == UserInfo.Identity(id: "2002", name: "firesrv"))
        #expect(info.groups == [UserInfo.Identity(id: "2002", name: "firesrv")])
    }

    @Test("group names may hold spaces, or be missing")
    func oddIdentity() throws {
        let text = "uid=10(ada) gid=20(domain users) groups=20(domain users),30,40(hpc 2) context=unconfined_u:unconfined_r:s0\n"
        let info = try #require(IdentityOutput.userInfo(ByteBuffer(string: text), accounts: nil))
        #expect(info.group.name == "domain users")
        #expect(info.groups.map(\.name) == ["domain users", "30", "hpc 2"])
    }

    @Test("text that is not id's is refused", arguments: ["", "uid=", "uid=x gid=y", "hello"])
    func noIdentity(_ text: String) {
        #expect(IdentityOutput.userInfo(ByteBuffer(string: text), accounts: nil) == nil)
    }

    @Test("accounts are told once, the default one marked")
    func accounts() throws {
        let accounts = SacctmgrOutput.accounts(try Fixture.bytes("slurm-22.05/sacctmgr.stdout"))
        #expect(Set(accounts.map(\.name)) == ["myproject", "other"])
        #expect(accounts.filter(\.default).map(\.name) == ["myproject"])
        #expect(SacctmgrOutput.accounts(ByteBuffer(string: "a|a\na|a\n|\njunk\n")).map(\.name) == ["a"])
    }

    @Test("a node in several partitions counts once, and only if it takes jobs")
    func nodes() throws {
        let nodes = SinfoOutput.availability(try Fixture.bytes("slurm-22.05/sinfo.stdout"))
        #expect(nodes == ServiceHealth.Nodes(available: 1, total: 1))
        let mixed = "a \u{1F}idle\na \u{1F}idle\nb \u{1F}down*\nc \u{1F}idle*\nd \u{1F}drained\ne \u{1F}allocated\njunk\n"
        #expect(SinfoOutput.availability(ByteBuffer(string: mixed)) == ServiceHealth.Nodes(available: 2, total: 5))
    }
}
