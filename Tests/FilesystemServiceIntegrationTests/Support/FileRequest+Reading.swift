import GoldcrestProtocol
import HTTPTypes

/// Requests that change nothing.
extension FileRequest {
    /// Every kind of file of ``ExampleTree``, and every way not to get at one.
    private static let kinds: [String] =
        [
            "", "file", "empty", "directory", "directory/", "directory/.", "directory/sub/..", "to-file", "to-file/", "to-directory", "to-directory/",
            "to-directory/one", "dangling", "dangling/", "loop", "loop/", "circle-a", "through-file", "into-closed", "file/", "file/x", "file/x/y",
            "missing", "missing/", "missing/x", "directory/missing", "unreadable", "unwritable", "closed", "closed/", "closed/leaf", "unlistable",
            "unlistable/leaf", "unsearchable", "unsearchable/leaf", "guarded", "shared", "setuid", "setgid", "hard", "socket", "outside", "strange", "acl",
            "binary", "no-newline", "blank-lines", String(repeating: "x", count: 256), "directory/\(String(repeating: "é", count: 128))",
            String(repeating: "d/", count: 2100), "a\0b",
        ] + (ExampleTree.hasForeignFiles ? ["device", "others", "others-private", "ownerless", "shared/others"] : [])

    /// Names of files in `names`.
    private static let names: [[UInt8]] =
        [
            " blank ", "new\nline", "it's", "\"quoted\"", "back\\slash", "-dash", "--help", "café", "cafe\u{301}", "*", "$(id)", "\t", "a -> b", "\u{1}\u{7F}", "~",
            "#", "line 1:", "?", "%41", String(repeating: "x", count: 255), "missing $(id)", "missing\nline 1: No such file or directory", "missing: Permission denied",
        ].map { Array($0.utf8) } + [[0xFF, 0xFE], [0xFF, 0xFE, 0xFD]]

    private static func named(_ operation: String, _ query: [String: String] = [:]) -> [FileRequest] {
        kinds.map { get(operation, $0, query) } + names.map { get(operation, Array("names/".utf8) + $0, query) }
    }

    static let listings: [FileRequest] = {
        let options: [[String: String]] = [
            [:], ["showHidden": "true"], ["numericUid": "true"], ["recursive": "true"], ["dereference": "true"],
            ["recursive": "true", "dereference": "true", "showHidden": "true"], ["recursive": "true", "numericUid": "true"],
            ["dereference": "true", "numericUid": "true"],
        ]
        let pages: [[String: String]] = [
            ["limit": "3"], ["limit": "3", "offset": "2"], ["limit": "0"], ["offset": "1000"], ["limit": "-1"], ["limit": "2", "recursive": "true"],
            ["limit": "100000"], ["offset": "1"], ["limit": "x"],
        ]
        return options.flatMap { options in (kinds + ["names", "times"]).map { get("ls", $0, options) } }
            + names.map { get("ls", Array("names/".utf8) + $0) } + pages.flatMap { page in ["", "directory", "file"].map { get("ls", $0, page) } }
    }()

    static let stats = named("stat") + named("stat", ["dereference": "true"])

    /// Pipes have tests of their own, as opening one may wait. Left out are the last lines of a file that has no line's end in its last gigabytes:
    /// tail(1) looks for it until its time is over.
    static let excerpts: [FileRequest] = {
        let counts = (-3...3).map(String.init) + ["10", "25", "26", "1099511627776", "9223372036854775807", "9223372036854775808", "x", ""]
        let flags: [[String: String]] = [[:], ["skipTrailing": "true"], ["skipHeading": "true"], ["skipTrailing": "true", "skipHeading": "true"]]
        let contents = ["file", "empty", "no-newline", "blank-lines", "binary"]
        let measured = ["head", "tail"].flatMap { operation in
            counts.flatMap { count in
                ["lines", "bytes"].flatMap { unit in
                    flags.prefix(3).flatMap { flags in contents.map { get(operation, $0, flags.merging([unit: count]) { $1 }) } }
                }
            }
        }
        let defaults = ["head", "tail"].flatMap { operation in flags.flatMap { named(operation, $0) } }
        let both = ["head", "tail"].map { get($0, "file", ["lines": "1", "bytes": "1"]) }
        let large = ["head", "tail"].flatMap { operation in
            [[:], ["lines": "3"], ["bytes": "7"], ["lines": "19"]].map { get(operation, "sparse", $0) }
        }
        let tooLarge = [
            get("head", "sparse", ["lines": "21"]), get("head", "sparse", ["lines": "3", "skipTrailing": "true"]),
            get("tail", "sparse", ["lines": "3", "skipHeading": "true"]), get("head", "sparse", ["bytes": "99999999"]),
            get("tail", "sparse", ["bytes": "99999999"]), get("head", "sparse", ["bytes": "-5"]), get("head", "long-line", ["lines": "1"]),
            get("tail", "long-line", ["lines": "1"]),
        ]
        return measured + defaults + both + large + tooLarge
    }()

    static let views: [FileRequest] = {
        let ranges: [[String: String]] = [
            ["size": "4"], ["size": "4", "offset": "3"], ["offset": "0"], ["offset": "178"], ["offset": "99999"], ["offset": "9223372036854775807"],
            ["size": "0"], ["size": "-1"], ["size": "99999999"], ["offset": "-1"], ["size": "x"], ["offset": "9223372036854775808"],
        ]
        return named("view") + ranges.flatMap { range in ["file", "empty", "binary", "long-line"].map { get("view", $0, range) } }
            + [["size": "9"], ["offset": "5000000000", "size": "9"], ["offset": "10737418290"], ["offset": "10737418299", "size": "1"]].map { get("view", "sparse", $0) }
    }()

    static let digests: [FileRequest] =
        named("checksum") + named("file")
        + ["SHA224", "SHA256", "SHA384", "SHA512", "MD5", "sha256", ""].map { get("checksum", "file", ["algorithm": $0]) }

    static let downloads: [FileRequest] = {
        let ranges = [
            "bytes=0-3", "bytes=5-", "bytes=-5", "bytes=-0", "bytes=0-0", "bytes=0-99999", "bytes=500-600", "bytes=5-2", "bytes=0-1,4-5", "bytes=x", "lines=0-3", "",
        ]
        return named("download") + ["", "sparse"].map { get("download", $0) }
            + ranges.flatMap { range in ["file", "empty", "sparse"].map { get("download", $0, headers: [.range: range]) } }
            + ["*", "\"x\"", "W/\"x\"", "garbage"].flatMap { tag in ["file", "missing"].map { get("download", $0, headers: [.ifNoneMatch: tag]) } }
            + ["file", "empty", "directory", "missing", "unreadable"].map { FileRequest(method: .head, operation: "download", path: Array($0.utf8)) }
    }()

    /// What waits for the other end of a pipe, unless somebody looks before.
    static let pipes: [FileRequest] = ["head", "tail", "view", "checksum", "file", "download", "ls", "stat"].map { get($0, "pipe") }
}
