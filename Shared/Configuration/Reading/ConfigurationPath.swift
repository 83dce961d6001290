/// Where a value stands in a configuration: `clusters[0].ssh.port`, or `daint.yaml: ssh.port` for a cluster in a file of its own.
struct ConfigurationPath: CustomStringConvertible {
    /// The file's name, when it isn't the main one.
    var file: String?
    private var keys = ""

    init(file: String? = nil) {
        self.file = file
    }

    func appending(_ key: String) -> ConfigurationPath {
        var path = self
        path.keys += (keys.isEmpty ? "" : ".") + Self.printable(key)
        return path
    }

    func appending(_ index: Int) -> ConfigurationPath {
        var path = self
        path.keys += "[\(index)]"
        return path
    }

    var description: String {
        switch (file, keys.isEmpty) {
        case (nil, _): keys
        case (let file?, true): file
        case (let file?, false): "\(file): \(keys)"
        }
    }

    /// A key that would make the path hard to read is quoted, and cut when it is long.
    private static func printable(_ key: String) -> String {
        let isPlain = !key.isEmpty && key.utf8.count <= 64
            && key.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-@".unicodeScalars.contains($0) }
        return isPlain ? key : ConfigurationSection.quoted(key)
    }
}
