import Glibc
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Links, permissions and owners on a real system")
struct OwnershipIntegrationTests {
    @Test("a link is made, dangling or not, and answered with its entry", arguments: ["plain", "it's $(touch pwned)", "new\nline", "-f", "ünï;\"\\"])
    func link(name: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let (target, link) = ("\(fixture.directory)/\(name).target", "\(fixture.directory)/\(name)")
            let entry: FileEntry = try await fixture.expect(
                .created, .post, "symlink", json: ["sourcePath": .string(target), "linkPath": .string(link)]).output()
            #expect(entry.name == link)
            #expect(entry.type == "l")
            #expect(entry.linkTarget == target)
            let again = try await fixture.expect(.badRequest, .post, "symlink", json: ["path": .string(target), "link_path": .string(link)])
            #expect(again.error?.message.contains("File exists") == true)
            #expect(try await fixture.list().map(\.name) == [name])
        }
    }

    @Test("a link is never put into a directory that has its name, nor where the user may not write")
    func linkIntoDirectory() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let directory = JSONValue.string("\(fixture.directory)/d")
            try await fixture.expect(.created, .post, "mkdir", json: ["path": directory])
            try await fixture.expect(.badRequest, .post, "symlink", json: ["path": .string(fixture.home), "linkPath": directory])
            #expect(try await fixture.list("\(fixture.directory)/d").isEmpty)
            let missing = JSONValue.string("\(fixture.directory)/no/link")
            try await fixture.expect(.notFound, .post, "symlink", json: ["path": .string(fixture.home), "linkPath": missing])
        }
    }

    @Test(
        "chmod takes octal digits and clauses",
        arguments: [("640", "rw-r-----"), ("0755", "rwxr-xr-x"), ("04711", "rws--x--x"), ("u+rwX,go-rwx", "rw-------"), ("a=r", "r--r--r--"), ("-r", "-w-------")])
    func mode(mode: String, permissions: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([1], named: "-R it's").status == .noContent)
            let path = JSONValue.string("\(fixture.directory)/-R it's")
            try await fixture.expect(.ok, .put, "chmod", json: ["path": path, "mode": "644"])
            let entry: FileEntry = try await fixture.expect(.ok, .put, "chmod", json: ["sourcePath": path, "mode": .string(mode)]).output()
            #expect(entry.name == "\(fixture.directory)/-R it's")
            #expect(entry.permissions == permissions)
            #expect(try await fixture.list().map(\.permissions) == [permissions])
        }
    }

    @Test("a mode that is none, or no text, changes nothing", arguments: [JSONValue.string("8"), "u+z", "--reference=/etc/passwd", 644, true, "", .null])
    func badMode(mode: JSONValue) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([1], named: "x").status == .noContent)
            let before = try LocalFile.status("\(fixture.directory)/x")
            let error = try await fixture.expect(.badRequest, .put, "chmod", json: ["path": .string("\(fixture.directory)/x"), "mode": mode]).error
            #expect(error?.errorType == .validation)
            #expect(error?.data?.fields.map(\.name) == ["mode"])
            #expect(try LocalFile.status("\(fixture.directory)/x") == before)
        }
    }

    @Test("chmod and chown of what isn't there, dangles or is another's say so")
    func refusals() async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            func json(_ name: String, _ change: [String: JSONValue]) -> [String: JSONValue] {
                change.merging(["path": .string("\(fixture.directory)/\(name)")]) { $1 }
            }
            try LocalFile.link("\(fixture.directory)/dangling", to: "nowhere")
            try LocalFile.make("\(fixture.directory)/foreign")
            for (operation, change) in [("chmod", ["mode": "600"]), ("chown", ["owner": .string(fixture.user)])] as [(String, [String: JSONValue])] {
                for name in ["none", "dangling"] {
                    let error = try await fixture.expect(.notFound, .put, operation, json: json(name, change)).error
                    #expect(error?.message.contains(name) == true)
                }
                if geteuid() == 0 {
                    let error = try await fixture.expect(.forbidden, .put, operation, json: json("foreign", change)).error
                    #expect(error?.message.contains("Operation not permitted") == true)
                }
            }
        }
    }

    @Test("an owner alone leaves the group, and a group alone the owner")
    func owner() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([1], named: "x").status == .noContent)
            let path = "\(fixture.directory)/x"
            // A group that the user isn't in would not survive `chown user:`.
            if geteuid() == 0 { try LocalFile.setGroup(path, 4321) }
            let group = try LocalFile.group(path)
            let entry: FileEntry = try await fixture.expect(
                .ok, .put, "chown", json: ["path": .string(path), "owner": .string(fixture.user), "group": ""]).output()
            #expect(entry.name == path)
            #expect(entry.user == fixture.user)
            #expect(try LocalFile.group(path) == group)

            let own = try #require(try await fixture.list(fixture.home, ["showHidden": "true"]).first { $0.user == fixture.user }).group
            let regrouped: FileEntry = try await fixture.expect(.ok, .put, "chown", json: ["source_path": .string(path), "group": .string(own)]).output()
            #expect(regrouped.user == fixture.user)
            #expect(regrouped.group == own)
            let both: [String: JSONValue] = ["path": .string(path), "owner": .string(fixture.user), "group": .string(own)]
            try await fixture.expect(.ok, .put, "chown", json: both)
        }
    }

    @Test("owners that the system doesn't know, or doesn't give files to, are refused with its words")
    func badOwners() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([1], named: "x").status == .noContent)
            let path = JSONValue.string("\(fixture.directory)/x")
            func message(_ status: HTTPResponse.Status, _ owner: [String: JSONValue]) async throws -> String {
                try await fixture.expect(status, .put, "chown", json: owner.merging(["path": path]) { $1 }).error?.message ?? ""
            }
            #expect(try await message(.badRequest, ["owner": "no-such-user"]).contains("invalid user"))
            #expect(try await message(.badRequest, ["group": "no-such-group"]).contains("invalid group"))
            #expect(try await message(.badRequest, [:]).contains("owner"))
            #expect(try await message(.badRequest, ["owner": "", "group": ""]).contains("group"))
            for owner in ["root:root", "root.root", "-R", ":"] { _ = try await message(.badRequest, ["owner": .string(owner)]) }
            _ = try await message(.badRequest, ["owner": 0])
            #expect(try await message(.forbidden, ["owner": "root"]).contains("Operation not permitted"))
        }
    }
}
