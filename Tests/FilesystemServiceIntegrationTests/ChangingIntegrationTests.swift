import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Making and removing on a real system")
struct ChangingIntegrationTests {
    @Test("mkdir answers with the entry of the new directory")
    func makeDirectory() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = "\(fixture.directory)/it's $(new)"
            let entry: FileEntry = try await fixture.expect(.created, .post, "mkdir", json: ["sourcePath": .string(path)]).output()
            #expect(entry.name == path)
            #expect(entry.type == "d")
            #expect(entry.user == fixture.user)
            let error = try await fixture.expect(.badRequest, .post, "mkdir", json: ["sourcePath": .string(path)]).error
            #expect(error?.message.contains("File exists") == true)
            try await fixture.expect(.created, .post, "mkdir", json: ["sourcePath": .string(path), "parent": .bool(true)])
            try await fixture.expect(.notFound, .post, "mkdir", json: ["path": .string("\(path)/a/b")])
        }
    }

    @Test("mkdir's body is read strictly")
    func strictBody() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let wrongType = try await fixture.expect(.badRequest, .post, "mkdir", json: ["path": .string("\(fixture.directory)/x"), "parent": .string("yes")])
            #expect(wrongType.error?.errorType == .validation)
            let missing = try await fixture.expect(.badRequest, .post, "mkdir", json: ["parent": .bool(true)])
            #expect(missing.error?.errorType == .error)
            try await fixture.expect(.badRequest, .post, "mkdir", query: ["path": "/etc"], json: ["path": .string("\(fixture.directory)/x")])
            #expect(try await fixture.list().isEmpty)
        }
    }

    @Test("rm removes everything below a path, and only that")
    func remove() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(fixture.directory)/-r/deep"), "parent": .bool(true)])
            #expect(try await fixture.upload([1], named: "read-only", to: "\(fixture.directory)/-r").status == .noContent)
            try LocalFile.setMode("\(fixture.directory)/-r/read-only", 0o444)
            try LocalFile.link("\(fixture.directory)/-r/link", to: fixture.home)
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(fixture.directory)/-r"])
            try await fixture.expect(.notFound, .delete, "rm", query: ["path": "\(fixture.directory)/-r"])
            #expect(try await fixture.list().isEmpty)
            #expect(try await fixture.list(fixture.home).isEmpty == false)
        }
    }

    @Test("a whole file system cannot be removed")
    func removeRoot() async throws {
        try await FilesystemFixture.with { fixture async throws in
            for path in [try fixture.stack["HOME_ROOT"], try fixture.stack["SCRATCH"] + "/x/.."] {
                try await fixture.expect(.badRequest, .delete, "rm", query: ["path": path])
            }
        }
    }
}
