/// A file's `st_mode` (inode(7)) as `ls -l` writes it.
struct FileModeText: Sendable, Equatable {
    let mode: UInt32

    init(_ mode: UInt32) {
        self.mode = mode
    }

    private var kind: UInt32 { mode & 0o170000 }

    var isDirectory: Bool { kind == 0o040000 }
    var isSymbolicLink: Bool { kind == 0o120000 }
    var isRegular: Bool { kind == 0o100000 }
    var isDevice: Bool { kind == 0o020000 || kind == 0o060000 }

    /// The first letter of the line.
    var type: String {
        switch kind {
        case 0o100000: "-"
        case 0o040000: "d"
        case 0o120000: "l"
        case 0o020000: "c"
        case 0o060000: "b"
        case 0o010000: "p"
        case 0o140000: "s"
        default: "?"
        }
    }

    /// The nine letters behind the type. A special bit shows in the place of the execute bit of its class, as a capital letter where that bit is not set.
    var permissions: String {
        String(unsafeUninitializedCapacity: 9) { buffer in
            for (index, letter) in "rwxrwxrwx".utf8.enumerated() {
                buffer[index] = mode & (0o400 >> index) == 0 ? UInt8(ascii: "-") : letter
            }
            mark(&buffer[2], ifSet: 0o4000, executable: 0o100, UInt8(ascii: "s"))
            mark(&buffer[5], ifSet: 0o2000, executable: 0o010, UInt8(ascii: "s"))
            mark(&buffer[8], ifSet: 0o1000, executable: 0o001, UInt8(ascii: "t"))
            return 9
        }
    }

    private func mark(_ letter: inout UInt8, ifSet special: UInt32, executable: UInt32, _ mark: UInt8) {
        guard mode & special != 0 else { return }
        let toCapital: UInt8 = 0x20
        letter = mode & executable != 0 ? mark : mark - toCapital
    }
}
