/// The directories below one, read level by level and shown in the order of `ls -R`.
struct ListedTree {
    private var directories: [Directory]
    private var level = 0..<1

    private struct Directory {
        var files: [ListedFile]
        /// The numbers of the directories in this one.
        var children = 0..<0
    }

    /// - Parameter root: The files of the directory at the top, in order.
    init(root: [ListedFile]) {
        directories = [Directory(files: root)]
    }

    /// The names of all directories in those of the last level: what is to be read next, and given to ``add(level:)``.
    mutating func nextLevel() -> [[UInt8]] {
        var names: [[UInt8]] = []
        for number in level {
            let start = directories.count + names.count
            names += directories[number].files.lazy.filter(\.mode.isDirectory).map(\.name)
            directories[number].children = start..<directories.count + names.count
        }
        return names
    }

    /// - Parameter listings: The files of each of these directories.
    mutating func add(level listings: [[ListedFile]]) {
        level = directories.count..<directories.count + listings.count
        directories += listings.map { Directory(files: $0) }
    }

    /// All files: those of a directory, then each directory in it with everything below, one after the other.
    var files: [ListedFile] {
        var files: [ListedFile] = []
        files.reserveCapacity(directories.reduce(0) { $0 + $1.files.count })
        var pending = [0]
        while let number = pending.popLast() {
            files += directories[number].files
            pending += directories[number].children.reversed()
        }
        return files
    }
}
