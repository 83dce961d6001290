/// A tar archive that a test makes byte by byte, as no well-meaning program would (POSIX.1-1988 `ustar`, tar(5)).
struct TarArchive {
    struct Member {
        enum Kind: String {
            case file = "0"
            case hardLink = "1"
            case symbolicLink = "2"
            case characterDevice = "3"
            case directory = "5"
            case pipe = "6"
        }

        var name: String
        var kind = Kind.file
        /// What a link leads to.
        var target = ""
        var content = ""
        var mode = 0o644
    }

    let bytes: [UInt8]

    init(_ members: [Member]) {
        bytes = members.flatMap(Self.block) + [UInt8](repeating: 0, count: 1024)
    }

    private static func block(of member: Member) -> [UInt8] {
        let content = Array(member.content.utf8)
        let padding = [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
        return header(of: member, size: content.count) + content + padding
    }

    private static func header(of member: Member, size: Int) -> [UInt8] {
        var header = field(member.name, 100) + octal(member.mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(1_700_000_000, 12)
        let sum = header.count
        header += field("        ", 8) + field(member.kind.rawValue, 1) + field(member.target, 100) + field("ustar\u{0}00", 8)
        header += field("root", 32) + field("root", 32) + octal(1, 8) + octal(3, 8) + field("", 167)
        let checksum = header.reduce(0) { $0 + Int($1) }
        header.replaceSubrange(sum..<sum + 8, with: octal(checksum, 7) + field(" ", 1))
        return header
    }

    private static func field(_ text: String, _ length: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(length))
        return bytes + [UInt8](repeating: 0, count: length - bytes.count)
    }

    private static func octal(_ number: Int, _ length: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return field(String(repeating: "0", count: length - 1 - digits.count) + digits, length)
    }
}
