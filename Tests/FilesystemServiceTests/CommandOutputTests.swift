import GoldcrestProtocol
import Testing

@testable import FilesystemService

@Suite("Output of stat and sha256sum")
struct CommandOutputTests {
    @Test("stat's numbers arrive in their fields, the mode from hexadecimal")
    func stat() {
        let stat = FileStat(parsing: "81a4 16220381 65024 1 1000 100 6 1795250171 1795250172 -1\n".utf8)
        #expect(
            stat
                == FileStat(
                    mode: 0o100644, ino: 16_220_381, dev: 65024, nlink: 1, uid: 1000, gid: 100, size: 6, atime: 1_795_250_171,
                    ctime: 1_795_250_172, mtime: -1))
        #expect(stat?.kind == .regular)
    }

    @Test("anything else is no stat", arguments: ["", "81a4 1 2", "xyz 1 2 3 4 5 6 7 8 9", "81a4 1 2 3 4 5 6 7 8 nine", "81a4 1 2 3 4 -5 6 7 8 9"])
    func malformedStat(text: String) {
        #expect(FileStat(parsing: text.utf8) == nil)
    }

    private static let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test("the digest is found with and without escapes in the name", arguments: ["\(digest)  /a b\n", "\\\(digest)  /new\\nline\n"])
    func checksum(line: String) {
        #expect(FileChecksum(parsing: line.utf8, by: .sha256) == FileChecksum(algorithm: "SHA256", checksum: Self.digest))
    }

    @Test("each algorithm has its length", arguments: ChecksumAlgorithm.allCases)
    func algorithms(algorithm: ChecksumAlgorithm) throws {
        let size = try #require(Int(algorithm.rawValue.dropFirst(3))) / 4
        let digest = String(repeating: "a", count: size)
        #expect(FileChecksum(parsing: "\(digest)  /x\n".utf8, by: algorithm) == FileChecksum(algorithm: algorithm.rawValue, checksum: digest))
        #expect(FileChecksum(parsing: "\(digest)aa  /x\n".utf8, by: algorithm) == nil)
        #expect(algorithm.program == "sha\(size * 4)sum")
    }

    @Test("anything else is no digest", arguments: ["", "\\", "abc  /x", "\(digest.uppercased())  /x", "\(digest)0  /x"])
    func malformedChecksum(line: String) {
        #expect(FileChecksum(parsing: line.utf8, by: .sha256) == nil)
    }
}
