import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import StackTesting
import Testing

@Suite("Who and what the service lets in")
struct AccessIntegrationTests {
    @Test("without a valid call context nothing is done")
    func noContext() async throws {
        try await FilesystemFixture.with { fixture async throws in
            for value in ["", "garbage", "a.b.c"] {
                var request = try fixture.request(.get, "ls", query: ["path": fixture.directory])
                request.headerFields[.callContext] = value.isEmpty ? nil : value
                let answer = try await fixture.send(request)
                #expect(answer.status == .unauthorized)
                #expect(answer.error?.errorType == .error)
            }
        }
    }

    @Test("a context for another system is none")
    func otherSystem() async throws {
        try await FilesystemFixture.with { fixture async throws in
            var request = try fixture.request(.get, "ls", query: ["path": fixture.directory])
            request.url = request.url.replacing("/filesystem/\(fixture.system)/", with: "/filesystem/other/")
            #expect(try await fixture.send(request).status == .unauthorized)
        }
    }

    @Test(
        "a path outside the file systems is refused however it is written",
        arguments: ["/etc/passwd", "/", "", "etc", "~", "{home}/../../etc/passwd", "{home}/../..", "{home}/./.././../etc", "//etc"])
    func outside(template: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = template.replacing("{home}", with: fixture.home)
            for operation in ["ls", "stat", "head", "tail", "view", "checksum", "file", "download"] {
                let error = try await fixture.expect(.badRequest, .get, operation, query: ["path": path]).error
                #expect(error?.errorType == .error)
            }
            try await fixture.expect(.badRequest, .delete, "rm", query: ["path": path])
            try await fixture.expect(.badRequest, .post, "mkdir", json: ["path": .string(path)])
            #expect(try await fixture.upload([1], named: "x", to: path).status == .badRequest)
        }
    }

    @Test("a directory beside a file system whose name only begins like it is outside")
    func sibling() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await fixture.expect(.badRequest, .get, "ls", query: ["path": try fixture.stack["HOME_ROOT"] + "2/x"])
        }
    }

    @Test("a NUL or 10,000 characters in a path are refused, any other byte is part of a name")
    func impossiblePaths() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await fixture.expect(.badRequest, .get, "ls", query: ["path": "\(fixture.directory)/a\0b"])
            try await fixture.expect(.badRequest, .get, "ls", query: ["path": "\(fixture.directory)/\(String(repeating: "a/", count: 5000))x"])
            let request = try fixture.request(.get, "ls", rawQuery: "path=\(fixture.directory)/%FF")
            #expect(try await fixture.send(request).status == .notFound)
            let missing = try await fixture.send(fixture.request(.get, "ls"))
            #expect(missing.status == .badRequest)
            #expect(missing.error?.errorType == .error)
        }
    }

    @Test("of a repeated parameter the last counts, and dots are taken out")
    func normalised() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.make("\(fixture.directory)/x")
            let request = try fixture.request(.get, "ls", rawQuery: "path=/etc&path=\(fixture.directory)//./y/../x")
            let answer = try await fixture.send(request)
            #expect(try answer.output([FileEntry].self).map(\.name) == ["\(fixture.directory)/x"])
        }
    }

    @Test("wrong flags are named, all of them")
    func wrongFlags() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let error = try await fixture.expect(
                .badRequest, .get, "ls", query: ["path": fixture.directory, "recursive": "maybe", "showHidden": ""]).error
            #expect(error?.errorType == .validation)
            #expect(Set(error?.data?.fields.map(\.name) ?? []) == ["recursive", "showHidden"])
        }
    }

    @Test("a user without a key is refused with the reason")
    func noKey() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await fixture.expect(.forbidden, .get, "ls", query: ["path": fixture.directory], as: "nobody-at-all")
        }
    }

    @Test("an unhealthy file system is refused for its own paths only, an unhealthy SSH server for all")
    func unhealthy() async throws {
        try await FilesystemFixture.with { fixture async throws in
            func status(_ service: UnhealthyService) async throws -> HTTPResponse.Status {
                var request = try fixture.request(.get, "ls", query: ["path": fixture.directory])
                request.headerFields[.callContext] = try fixture.context(unhealthy: [service])
                return try await fixture.send(request).status
            }
            #expect(try await status(UnhealthyService(.filesystem, path: try fixture.stack["HOME_ROOT"])) == .serviceUnavailable)
            #expect(try await status(UnhealthyService(.filesystem, path: try fixture.stack["SCRATCH"])) == .ok)
            #expect(try await status(UnhealthyService(.scheduler)) == .ok)
            #expect(try await status(UnhealthyService(.ssh)) == .serviceUnavailable)
        }
    }

    @Test("the probe of a file system answers the health checker, and nobody else")
    func probe() async throws {
        try await FilesystemFixture.with { fixture async throws in
            func probe(_ path: String, by issuer: CallIssuer) async throws -> Answer {
                var request = try fixture.request(.get, "ls", query: ["path": path])
                request.url = request.url.replacing("/filesystem/\(fixture.system)/ops/ls", with: "/internal/\(fixture.system)/probe/filesystem")
                request.headerFields[.callContext] = try fixture.context(by: issuer)
                return try await fixture.send(request)
            }
            let home = try fixture.stack["HOME_ROOT"]
            #expect(try await probe(home, by: .healthChecker).status == .ok)
            #expect(try await probe("\(home)/no such", by: .healthChecker).status == .notFound)
            #expect(try await probe("/etc", by: .healthChecker).status == .badRequest)
            #expect(try await probe(home, by: .authGateway).status == .unauthorized)
            var request = try fixture.request(.get, "ls", query: ["path": home])
            request.headerFields[.callContext] = try fixture.context(by: .healthChecker)
            #expect(try await fixture.send(request).status == .unauthorized)
            request.headerFields[.callContext] = try fixture.context(by: .transferService)
            #expect(try await fixture.send(request).status == .ok)
        }
    }
}
