import GoldcrestProtocol
import HTTPTypes

/// Requests that change something, each meant for a tree of its own.
extension FileRequest {
    private static let places: [String] =
        [
            "/new", "/new/", "/directory", "/directory/new", "/directory/./x/../new", "/file", "/file/new", "/empty", "/to-file", "/to-directory",
            "/to-directory/new", "/dangling", "/loop", "/loop/new", "/missing/new", "/missing/a/new", "/closed/new", "/unlistable/new",
            "/unsearchable/new", "/guarded/new", "/shared/new", "/pipe", "/\(String(repeating: "x", count: 256))", "/it's $(a)\nnew \\ \"name\"", "/-p", "/ü/ö",
        ]

    private static let things: [JSONValue] = [
        "/file", "/empty", "/directory", "/to-file", "/to-directory", "/dangling", "/loop", "/missing", "/missing/x", "/file/x", "/closed/leaf",
        "/unreadable", "/pipe", "/setuid",
    ] + (ExampleTree.hasForeignFiles ? ["/others", "/device", "/ownerless"] : [])

    static let directoriesMade: [FileRequest] = places.flatMap { place -> [FileRequest] in
        [change(.post, "mkdir", ["path": .string(place)]), change(.post, "mkdir", ["path": .string(place), "parent": true])]
    }

    static let linksMade: [FileRequest] = {
        let toFile = places.map { change(.post, "symlink", ["path": "/file", "linkPath": .string($0)]) }
        let toThings = things.map { change(.post, "symlink", ["path": $0, "linkPath": "/new"]) }
        return toFile + toThings
    }()

    static let modesChanged: [FileRequest] = {
        let modes: [JSONValue] = [
            "644", "0644", "4755", "1777", "000", "7777", "2755", "17777", "888", "", "u+x", "a-w", "g=u", "u+s", "g+s", "+t", "o+X", "u=rwx,go=rx", "u+", "-x", "+w",
            "-rwx", "--help", "--reference=/etc/passwd", "rwx", "=", "u+x,", "00644", " 644", "6 4 4", "u=g+x", "a=,u+r", "0", "7",
        ]
        func request(_ path: JSONValue, _ mode: JSONValue) -> FileRequest { change(.put, "chmod", ["path": path, "mode": mode]) }
        let byMode = modes.flatMap { [request("/file", $0), request("/directory", $0)] }
        let byPath = things.map { request($0, "600") }
        let others = [request("/setuid", "u+s"), request("/setuid", "644"), request("/file", 644), change(.put, "chmod", ["path": "/file"])]
        return byMode + byPath + others
    }()

    static func ownersChanged(user: String) -> [FileRequest] {
        let owners: [[String: JSONValue]] = [
            ["owner": .string(user)], ["group": .string(user)], ["owner": .string(user), "group": .string(user)], ["owner": "root"], ["group": "root"],
            ["owner": "no-such-user"], ["group": "no-such-group"], ["owner": "0"], ["owner": ""], [:], ["owner": "a:b"], ["owner": "--help"],
        ]
        let paths: [JSONValue] = ["/file", "/to-file"]
        let byOwner = owners.flatMap { owner in
            paths.map { path -> FileRequest in
                var fields = owner
                fields["path"] = path
                return change(.put, "chown", fields)
            }
        }
        return byOwner + things.map { change(.put, "chown", ["path": $0, "owner": .string(user)]) }
    }

    static let removals: [FileRequest] = {
        let paths = [
            "file", "empty", "directory", "directory/", "to-file", "to-file/", "to-directory", "to-directory/", "dangling", "loop", "missing", "missing/x", "file/x",
            "file/", "closed", "closed/leaf", "unlistable", "unsearchable", "guarded", "guarded/leaf", "guarded/sub", "shared", "unreadable", "unwritable", "pipe",
            "hard", "", String(repeating: "x", count: 256),
        ]
        return (paths + (ExampleTree.hasForeignFiles ? ["device", "others-private", "ownerless", "shared/others"] : [])).map(remove)
    }()

    /// - Parameter limit: The largest file, in bytes.
    static func uploads(limit: Int) -> [FileRequest] {
        let names =
            [
                "new", "file", "empty", "directory", "to-file", "to-directory", "dangling", "loop", "circle-a", "through-file", "into-closed", "unreadable",
                "unwritable", "pipe", "setuid", "setgid", "hard", "it's $(a)\nnew \\ \"name\"", "-", String(repeating: "x", count: 255),
                String(repeating: "x", count: 256), "a/b", "..", "",
            ] + (ExampleTree.hasForeignFiles ? ["device", "others", "others-private", "ownerless"] : [])
        let directories = [
            "directory", "to-directory", "file", "missing", "missing/x", "dangling", "loop", "closed", "unlistable", "unsearchable", "guarded", "shared", "pipe",
            String(repeating: "x", count: 256),
        ]
        let sizes = [0, 1, 65_536, 262_144, 262_145, limit - 1, limit, limit + 1, limit + 200_000]
        let byName = names.map { upload($0) }
        let byDirectory = directories.map { upload("new", to: $0) }
        let bySize = ["new", "file"].flatMap { name in sizes.map { upload(name, [UInt8](repeating: 0x61, count: $0)) } }
        let inPlace = [upload("leaf", to: "guarded"), upload("leaf", to: "unlistable"), upload("leaf", to: "closed"), upload("others", to: "shared")]
        let bytes = FileRequest(method: .post, operation: "upload", path: [], file: ([0xFF, 0xFE, 0x0A], [1]))
        return byName + byDirectory + bySize + inPlace + [bytes]
    }

    static let copies: [FileRequest] = {
        func request(_ operation: String, _ source: JSONValue?, _ target: JSONValue?) -> FileRequest {
            var fields: [String: JSONValue] = [:]
            fields["sourcePath"] = source
            fields["targetPath"] = target
            return change(.post, operation, fields)
        }
        let directoryTargets: [JSONValue] = ["/new", "/file", "/directory/sub/new", "/shared", "/directory"]
        return ["cp", "mv"].flatMap { operation -> [FileRequest] in
            let ofThings = things.map { request(operation, $0, "/new") }
            let toPlaces = places.map { request(operation, "/file", .string($0)) }
            let ofDirectory = directoryTargets.map { request(operation, "/directory", $0) }
            let others = [
                request(operation, "/guarded", "/new"), request(operation, "/unlistable", "/new"), request(operation, "/file", nil), request(operation, nil, "/new"),
            ]
            return ofThings + toPlaces + ofDirectory + others
        }
    }()

    static let archives: [FileRequest] = {
        func compress(_ source: JSONValue, _ target: JSONValue, _ options: [String: JSONValue] = [:]) -> FileRequest {
            var fields = options
            fields["path"] = source
            fields["targetPath"] = target
            return change(.post, "compress", fields)
        }
        let compressions: [JSONValue] = ["none", "gzip", "bzip2", "xz", "zip", ""]
        let options: [[String: JSONValue]] = [
            ["dereference": true], ["matchPattern": ".*/one"], ["matchPattern": "["], ["matchPattern": ".*", "dereference": true], ["matchPattern": "nothing"],
        ]
        let byCompression = compressions.map { compress("/directory", "/new", ["compression": $0]) }
        let byOption = options.map { compress("/directory", "/new", $0) }
        let ofThings = things.map { compress($0, "/new") }
        // An archive inside what is archived changes the time of a directory in it.
        let toPlaces = places.map { compress("/guarded", .string($0)) }
        let extractions = things.map { change(.post, "extract", ["path": $0, "targetPath": "/directory"]) }
        let notOne = compressions.map { change(.post, "extract", ["path": "/file", "targetPath": "/directory", "compression": $0]) }
        return byCompression + byOption + ofThings + toPlaces + extractions + notOne
    }()
}
