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
            ("ln: failed to create symbolic link '/d/g': File exists", .badRequest),
            ("chmod: cannot operate on dangling symlink '/d/dang'", .notFound),
            ("chmod: changing permissions of '/etc/passwd': Operation not permitted", .forbidden),
            ("chown: invalid user: 'nosuch'", .badRequest), ("chown: invalid group: ':nosuch'", .badRequest),
            ("chown: changing ownership of '/d/f': Operation not permitted", .forbidden),
            ("chown: cannot dereference '/d/dang': No such file or directory", .notFound),
            ("cp: '/d/f' and '/d/f' are the same file", .badRequest), ("cp: cannot copy a directory, '/d', into itself, '/d/x'", .badRequest),
            ("cp: cannot overwrite non-directory '/d/f' with directory '/d/s'", .badRequest),
            ("cp: cannot overwrite directory '/d/s' with non-directory", .badRequest),
            ("cp: cannot open '/etc/shadow' for reading: Permission denied", .forbidden),
            ("mv: cannot move '/d' to a subdirectory of itself, '/d/b'", .badRequest), ("mv: cannot move '/d' to '/c': Directory not empty", .badRequest),
            ("extract: 26: cannot create /d/.goldcrest-extract-x: Directory nonexistent", .notFound), ("extract: 31: cannot open /a: No such file", .notFound),
            ("mv: cannot move '/etc/passwd' to '/d/x': Permission denied", .forbidden),
            ("find: File system loop detected; './d/l' is part of the same file system loop as './d'.", .badRequest),
            ("find: '/d/s': Permission denied", .forbidden),
            ("tar: l/x: Cannot open: Not a directory\ntar: Exiting with failure status due to previous errors", .badRequest),
            ("tar: ./d/dang: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors", .notFound),
            ("tar: x: Cannot open: Permission denied\ntar: Exiting with failure status due to previous errors", .forbidden),
            ("tar: d: Cannot mkdir: Permission denied\ntar: d/x: Cannot open: No such file or directory\ntar: Exiting with failure status due to previous errors", .forbidden),
            ("tar: ./d/log: file changed as we read it", .internalServerError),
        ])
    func statuses(words: String, status: HTTPResponse.Status) throws {
        let result = RemoteResult(exitStatus: 1, standardError: ByteBuffer(string: words + "\n"))
        let error = #expect(throws: (any Error).self) { try result.requireFileSuccess() } as? any APIErrorConvertible
        #expect(error?.apiError.status == status)
        #expect(error?.apiError.message == "Remote process failed with exit status:1 and error message:\(words)")
    }

    @Test(
        "a script tells by its status whose fault a failure is, when words don't",
        arguments: [
            (65, "gzip: stdin: not in gzip format", HTTPResponse.Status.badRequest),
            (65, "tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors", .badRequest),
            (65, "find: failed to compile regular expression '\\(': Unmatched ( or \\(", .badRequest),
            (79, "cp: the files have more than 5 bytes, the limit of direct operations; use transfer/cp instead", .contentTooLarge),
            (69, "extract: xz is not installed on this system", .notImplemented), (124, "", .requestTimeout),
            (124, "compress: the files have more than 5 bytes, the limit of direct operations; use transfer/compress instead", .requestTimeout), (127, "sh: 1: tar: not found", .internalServerError),
        ])
    func scripts(exitStatus: Int, words: String, status: HTTPResponse.Status) throws {
        let result = RemoteResult(exitStatus: exitStatus, standardError: ByteBuffer(string: words + "\n"))
        let error = #expect(throws: (any Error).self) { try result.requireFileSuccess() } as? any APIErrorConvertible
        #expect(error?.apiError.status == status)
        #expect(error?.apiError.message == "Remote process failed with exit status:\(exitStatus) and error message:\(words)")
    }
}
