import GoldcrestProtocol
import Testing

@testable import ComputeService

@Suite("job ids")
struct JobIDTests {
    @Test("ids as Slurm prints them are taken", arguments: ["1", "123", "123_4", "123_[1-4]", "123_[1,3,5-9:2%2]", "123+1", "123.0", "123_4.batch"])
    func wellFormed(_ text: String) throws {
        #expect(try JobID(text).text == text)
    }

    @Test(
        "ids as OpenPBS prints them are taken",
        arguments: ["123.pbs01", "123.pbs01.example.org", "123[]", "123[7]", "123[1-4]", "123[].pbs01", "123[7].pbs01", "0.vm", "0[].vm", "0[1]"])
    func wellFormedOfOpenPBS(_ text: String) throws {
        #expect(try JobID(text).text == text)
    }

    @Test(
        "anything else names no job",
        arguments: [
            "", "0", "0.0", "0.batch", "abc", "-1", "01", "1;ls", "1 2", "1,2", "1_", "1_[", "1_[a]", "99999999999", "4294967296", "１", "1\n", "$(id)", "--all",
            "1.", "1.-x", "1.a;b", "1.a b", "1.a@b", "1[", "1[a]", "1[]x", "1[][]", "1[$(id)]", "1_2[3]", "[]", "1@host",
        ])
    func malformed(_ text: String) {
        #expect(throws: JobID.notFound) { try JobID(text) }
    }

    @Test(
        "an id finds itself, its parts, and the waiting tasks that it is among",
        arguments: [
            ("12", "12", true), ("12", "12_3", true), ("12", "12_[1-4]", true), ("12", "12+1", true), ("12", "123", false), ("12", "1", false),
            ("12_3", "12_3", true), ("12_3", "12_[1-4]", true), ("12_3", "12_[1-2,4%2]", false), ("12_3", "12_[1-9:2]", true),
            ("12_4", "12_[1-9:2]", false), ("12_3", "12", false), ("12_3", "12_30", false),
            ("12_[1-4]", "12_4", true), ("12_[1-4]", "12_5", false), ("12_[1-4%2]", "12_[4-9]", true), ("12_[1-9:2]", "12_[2-8:2]", false),
            ("12", "12[]", true), ("12", "12[3]", true), ("12[]", "12[]", true), ("12[]", "12[3]", true), ("12[3]", "12[3]", true), ("12[3]", "12[]", false),
            ("12[3]", "12[4]", false), ("12[1-4]", "12[4]", true), ("12[]", "12", false), ("12[]", "12_3", false), ("12.vm", "12", true), ("12", "12.vm", true),
            ("12[3].vm", "12[3]", true), ("12[]", "12[3].vm", true), ("12_3", "12[3]", false), ("12+0", "12_0", false),
            ("12+0", "12+0", true), ("12+0", "12+1", false), ("12.0", "12", true), ("12_3.batch", "12_3", true),
        ])
    func matching(_ wanted: String, _ id: String, _ isMatch: Bool) throws {
        #expect(try JobID(wanted).matches(id) == isMatch)
    }
}
