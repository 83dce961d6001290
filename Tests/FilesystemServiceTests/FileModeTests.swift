import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import FilesystemService

@Suite("Modes and owners of requests")
struct FileModeTests {
    @Test("octal digits are taken as they are", arguments: ["644", "0644", "04755", "7777", "0", "00000"])
    func octal(text: String) throws {
        #expect(try FileMode(text).text == text)
    }

    @Test(
        "clauses are taken as they are",
        arguments: ["u+rwX,go-w", "a=r", "+t", "u=", "=", "g=u", "ug+s", "a+x-w=r", "o-", "+X", "-rwx", "u=g-x", "+0111", "u+r,+7", "uuu+rr"])
    func symbolic(text: String) throws {
        #expect(try FileMode(text).text == text)
    }

    @Test(
        "anything else is refused with what is allowed",
        arguments: [
            "", "8", "0888", "77777", "000644", "644 ", " 644", "rwx", "u", "u+z", "u+r,", ",u+r", "u+rg", "u+ug", "x+r", "u+0644", "u+r;id", "--reference=/etc/passwd",
            "+08", "0x1ff", "u+r\n", "=u-7", "+7-r", "٦٤٤", "é+r", String(repeating: "u+r,", count: 100) + "u+r",
        ])
    func refused(text: String) {
        let error = #expect(throws: APIError.self) { try FileMode(text) }
        #expect(error?.status == .badRequest)
        #expect(error?.fields.map(\.name) == ["mode"])
        #expect(error?.fields.first?.message.contains("rwxXst") == true)
    }

    @Test(
        "an owner, a group or both are what chown takes, and an owner alone leaves the group",
        arguments: [
            ("u", nil, "u"), ("u", "", "u"), (nil, "g", ":g"), ("", "g", ":g"), ("u", "g", "u:g"), ("1000", "100", "1000:100"), (nil, "a.b", ":a.b"),
            ("first.last", "g", "first.last:g"), ("DOMAIN\\user", nil, "DOMAIN\\user"), (nil, "domain users", ":domain users"), ("svc$", nil, "svc$"),
        ] as [(String?, String?, String)])
    func owners(user: String?, group: String?, argument: String) throws {
        #expect(try Ownership(user: user, group: group).argument == argument)
    }

    @Test(
        "what could be read as something else than a name is refused",
        arguments: [
            ("u:g", nil, "owner"), (":", nil, "owner"), ("u.g", nil, "owner"), ("-R", nil, "owner"), ("--reference=/etc", nil, "owner"), (nil, "g:", "group"),
            (nil, "-g", "group"), ("u", "\n", "group"), ("a\0b", nil, "owner"), ("../x", nil, "owner"), (String(repeating: "u", count: 257), nil, "owner"),
        ] as [(String?, String?, String)])
    func badOwners(user: String?, group: String?, field: String) {
        let error = #expect(throws: APIError.self) { try Ownership(user: user, group: group) }
        #expect(error?.status == .badRequest)
        #expect(error?.fields.map(\.name) == [field])
    }

    @Test("no owner at all is refused", arguments: [(nil, nil), ("", ""), ("", nil)] as [(String?, String?)])
    func noOwner(user: String?, group: String?) {
        #expect(throws: APIError.self) { try Ownership(user: user, group: group) }
    }
}
