import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore
import Testing

@testable import FilesystemService

@Suite("What commands complain about")
struct CommandComplaintTests {
    @Test(
        "entries that are gone do not spoil a listing, those that may not be seen do",
        arguments: [
            ("ls: cannot access '/d/link': No such file or directory\n", true),
            ("ls: cannot access '/d/loop': Too many levels of symbolic links\nls: /d/c: not listing already-listed directory\n", true),
            ("ls: cannot access '/d/x': Permission denied\n", false),
            ("ls: cannot access '/d/link': No such file or directory\nls: cannot open directory '/d/s': Permission denied\n", false),
            ("ls: cannot access '/d/link': No such file or directory\nls: cannot acc", true), ("", false),
        ])
    func listing(words: String, isHarmless: Bool) {
        #expect(ListingComplaints.areHarmless(ByteBuffer(string: words)) == isHarmless)
    }

    @Test("file's successes that are none get their status", arguments: [
        ("cannot open `/d/x' (No such file or directory)", HTTPResponse.Status.notFound),
        ("cannot open `/d/x' (Permission denied)", .forbidden), ("regular file, no read permission", .forbidden),
        ("cannot open `/d/x' (Input/output error)", .badRequest),
    ])
    func fileType(text: String, status: HTTPResponse.Status) {
        #expect { _ = try FileTypeText.read(ByteBuffer(string: text + "\n")) } throws: { ($0 as? APIError)?.status == status }
    }

    @Test("file's text comes without its line end")
    func fileTypeText() throws {
        #expect(try FileTypeText.read(ByteBuffer(string: "ASCII text\n")) == "ASCII text")
    }

    @Test(
        "a path of the wrong kind is the caller's mistake; a name that only sounds like it isn't",
        arguments: [
            ("head: error reading '/d': Is a directory", HTTPResponse.Status.badRequest), ("stat: cannot statx '/f/x': Not a directory", .badRequest),
            ("cat: /loop: Too many levels of symbolic links", .badRequest), ("mv: cannot stat 'x': File name too long", .badRequest),
            ("mkdir: cannot create directory '/d': File exists", .badRequest), ("stat: cannot statx '/Is a directory': No such file or directory", .notFound),
            ("head: cannot open '/: Is a directory' for reading: Permission denied", .forbidden), ("ls: something else", .internalServerError),
        ])
    func statuses(words: String, status: HTTPResponse.Status) throws {
        let result = RemoteResult(exitStatus: 1, standardError: ByteBuffer(string: words + "\n"))
        let error = #expect(throws: (any Error).self) { try result.requireFileSuccess() } as? any APIErrorConvertible
        #expect(error?.apiError.status == status)
        #expect(error?.apiError.message == "Remote process failed with exit status:1 and error message:\(words)")
    }
}
