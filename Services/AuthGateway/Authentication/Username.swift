/// A user's name on the systems. It comes from outside and gets into paths, lists of names, relations and headers.
enum Username {
    /// Whether the name is made of ASCII letters, digits and `.`, `_`, `@`, `+`, `-`, has at most 255 bytes, does not look like an option and is no
    /// relative path.
    ///
    /// That is more than the portable names of POSIX (Base Definitions 3.426), and leaves no character that means something in a path, a shell,
    /// a list of the scheduler (`,`) or a relation (`:`, `#`, `*`).
    static func isValid(_ name: String) -> Bool {
        guard (1...255).contains(name.utf8.count), !name.hasPrefix("-"), name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }
}
