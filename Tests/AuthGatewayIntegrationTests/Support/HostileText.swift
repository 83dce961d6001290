import Foundation

/// Texts that no part of a request may ever do harm with.
struct HostileTexts: Sendable {
    /// The file that is made if a shell ever reads one of the texts, where every user can make one.
    let marker = "/tmp/goldcrest-marker-\(UInt64.random(in: .min ... .max))"

    /// Whether a shell has read one.
    var wereExecuted: Bool { FileManager.default.fileExists(atPath: marker) }

    /// What a file name may hold.
    var names: [String] {
        [
            "it's", "a \"quoted\" b", "a\nb", "$(touch \(escapedMarker))", "`touch \(escapedMarker)`", "a;touch \(escapedMarker);", "a&&touch \(escapedMarker)",
            "a|touch \(escapedMarker)", "'$(touch \(escapedMarker))'", "-rf", "--help", "*?[a-z]{b,c}", "~root", "a\\nb\\", "%41%zz", "a,b=c,d", "\tü ẞ 🦅 \u{202E}e\u{301} ", "$HOME ${IFS} !!",
            "#hash & + ?",
        ]
    }

    /// What no file name may hold besides.
    var texts: [String] { names + ["", " ", "a\0b", "a\r\nX-Injected: yes\r\n\r\n", String(repeating: "x", count: 10_000), "$(touch \(marker))", "\";touch \(marker);\""] }

    /// The marker's path without a slash, which names cannot hold: a shell takes it from the beginning of `PATH`.
    private var escapedMarker: String { marker.replacing("/", with: "${PATH%%[a-z]*}") }

    /// As they stand in a URL without being valid there.
    static let brokenEscapes = ["%", "%4", "%zz", "%FF", "%C3%28", "%ED%A0%80", "%00", "%0d%0aX-Injected:%20yes"]

    /// JSON texts of strings that are none, or none that can be used.
    static let jsonStrings: [[UInt8]] = [
        Array(#""a\u0000b""#.utf8), Array(#""\ud800""#.utf8), [0x22, 0xFF, 0xFE, 0x22], [0x22, 0x61, 0x0A, 0x62, 0x22], Array(#""unterminated"#.utf8), Array(#""\x""#.utf8),
    ]
}
