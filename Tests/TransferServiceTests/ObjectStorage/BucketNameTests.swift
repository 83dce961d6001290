import Testing

@testable import TransferService

@Suite("the bucket of a user")
struct BucketNameTests {
    @Test(
        "is named like the user where it can be",
        arguments: ["bob", "user-1.name", "3com", String(repeating: "a", count: 63), "1.2.3", "1.2.3.4.5", "a-s3alias-b"])
    func plain(user: String) {
        #expect(BucketName(ofUser: user).rawValue == user)
    }

    @Test(
        "has a legal name of its own otherwise",
        arguments: [
            "", "a", "ab", "Bob", "bob_1", "bob@example.org", "-bob", "bob-", "bob.", ".bob", "bo..b", "bo.-b", "bo-.b", "192.168.5.4", "999.1.1.1",
            "xn--bob",
            "sthree-bob", "STHREE-bob", "amzn-s3-demo-bob", "Amzn_S3_Demo_bob", "bob-s3alias", "bob--ol-s3", "bob.mrap", "bob--x-s3",
            "bob--table-s3", "bøb", "鳥", "../etc", "a/b", "bob\0", "bob\n", String(repeating: "a", count: 64), String(repeating: "Long_", count: 100),
        ])
    func made(user: String) {
        let name = BucketName(ofUser: user).rawValue
        #expect(name != user)
        #expect(name.wholeMatch(of: /[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9a-f]{32}/) != nil, "\(name)")
        #expect((3...63).contains(name.utf8.count))
        #expect(!["xn--", "sthree-", "amzn-s3-demo-"].contains(where: name.hasPrefix))
        #expect(BucketName(ofUser: user).rawValue == name)
    }

    @Test("tells who the user is")
    func readable() {
        #expect(BucketName(ofUser: "Jane.Doe@example.org").rawValue == "jane-doe-example-org-258389d44032248b32b8f9b2755a1af2")
    }

    @Test("is nobody else's, also when a user is named like the bucket of another")
    func collisions() {
        var names = ["Bob", "bob", "BOB", "bob_", "bob-", "b.ob_", "bo_b"]
        for _ in 0..<4 { names += names.map { BucketName(ofUser: $0).rawValue } }
        let users = Set(names)
        #expect(Set(users.map { BucketName(ofUser: $0) }).count == users.count)
    }
}
