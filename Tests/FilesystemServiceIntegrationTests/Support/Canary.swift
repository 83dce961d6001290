import Foundation
import StackTesting

/// A file that no request names, and the name of a file that every text which reaches a shell would make.
struct Canary: Sendable {
    let path: String
    let marker: String
    private let folder: String
    private let before: [String]

    /// - Parameter home: The user's, as commands start there.
    static func set(in home: String, for user: String) async throws -> Canary {
        let word = "goldcrest-canary-\(UInt64.random(in: .min ... .max))"
        let folder = "\(home)/\(word)-kept"
        try await LocalCommand(script: #"umask 022; mkdir -- "$1" && cd -- "$1" && echo kept >file && touch -d '2001-02-03 04:05:06 UTC' file ."#, folder)
            .run(as: user)
        return Canary(path: "\(folder)/file", marker: word, folder: folder, before: try await state(of: folder))
    }

    private static func state(of folder: String) async throws -> [String] {
        let text = try await LocalCommand(
            script: #"find "$1" -printf '%P %y %m %U %G %s %T@\n' && cat -- "$1/file""#, folder
        ).run()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What happened that must not: the changes of the file, and the files that somebody made.
    ///
    /// - Parameter places: Where to look for those, besides where commands start and where everyone may write.
    func harm(in places: [String]) async throws -> [String] {
        let now = (try? await Self.state(of: folder)) ?? ["it is gone"]
        let script = #"marker=$1; shift; find / /etc /tmp /var/tmp /dev/shm -maxdepth 1 -name "*$marker*"; find "$@" -name "$marker""#
        let found = try await LocalCommand(words: ["/bin/bash", "-c", script, "bash", marker] + places).run()
        let own = FileManager.default.fileExists(atPath: marker) ? [marker] : []
        return Set(now).symmetricDifference(before).sorted() + String(decoding: found, as: UTF8.self).split(separator: "\n").map(String.init) + own
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }
}
