extension ShellText {
    /// A word that a shell takes for exactly these bytes. In single quotes nothing is special but the single quote (POSIX.1, XCU 2.2.2); it
    /// goes outside, behind a backslash.
    ///
    /// - Throws: ``InvalidCommand`` if there is a NUL in it.
    init(quoting word: [UInt8], evenIfSafe: Bool = false) throws {
        guard !word.contains(0) else {
            throw InvalidCommand("An argument of the command has a NUL character in it, which no program can be given.")
        }
        if !evenIfSafe, !word.isEmpty, word.allSatisfy(Self.isSafe) {
            self.init(word)
            return
        }
        var text = [UInt8(ascii: "'")]
        text.reserveCapacity(word.count + 2)
        for byte in word {
            if byte == UInt8(ascii: "'") {
                text += "'\\''".utf8
            } else {
                text.append(byte)
            }
        }
        text.append(UInt8(ascii: "'"))
        self.init(text)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// Whether a byte has no meaning to a shell anywhere in a word. `~` and `=` are not among them: both can mean something.
    private static func isSafe(_ byte: UInt8) -> Bool {
        if isAlphanumeric(byte) { return true }
        return switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: ":"),
            UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
