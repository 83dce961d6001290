import Testing

@testable import FilesystemService

@Suite("Modes as ls writes them")
struct FileModeTextTests {
    /// As GNU ls 9.1 showed them.
    @Test(
        "type and permissions",
        arguments: [
            (0o100644, "-rw-r--r--"), (0o100000, "----------"), (0o100777, "-rwxrwxrwx"), (0o040755, "drwxr-xr-x"), (0o120777, "lrwxrwxrwx"),
            (0o010600, "prw-------"), (0o140755, "srwxr-xr-x"), (0o020620, "crw--w----"), (0o060660, "brw-rw----"), (0o104755, "-rwsr-xr-x"),
            (0o104644, "-rwSr--r--"), (0o102755, "-rwxr-sr-x"), (0o102745, "-rwxr-Sr-x"), (0o041777, "drwxrwxrwt"), (0o041776, "drwxrwxrwT"),
            (0o107777, "-rwsrwsrwt"), (0o107000, "---S--S--T"), (0o000644, "?rw-r--r--"),
        ])
    func text(mode: Int, expected: String) {
        let text = FileModeText(UInt32(mode))
        #expect(text.type + text.permissions == expected)
    }

    @Test("a mode of digits keeps a directory's special bits unless it has five of them")
    func numericModes() throws {
        #expect(try FileMode("755").numeric(for: 0o042700) == 0o2755)
        #expect(try FileMode("755").numeric(for: 0o041700) == 0o0755)
        #expect(try FileMode("755").numeric(for: 0o106700) == 0o0755)
        #expect(try FileMode("4711").numeric(for: 0o042700) == 0o6711)
        #expect(try FileMode("00755").numeric(for: 0o046700) == 0o0755)
    }

    @Test("other modes are left to chmod", arguments: ["u+x", "+7", "=7", "a=rX"])
    func otherModes(text: String) throws {
        #expect(try FileMode(text).numeric(for: 0o100644) == nil)
    }
}
