import GoldcrestProtocol
import GoldcrestSSH

/// Lists a file, a directory, or everything below one, as `ls` does.
struct SFTPListing: Sendable {
    let session: SFTPSession
    let options: ListingOptions
    let deadline: OperationDeadline
    private let budget = ListingBudget()

    /// The most requests of one step under way at once. The server does one at a time; this only saves waiting for replies.
    private static let concurrency = 16

    /// What a listing shows.
    struct Result: Sendable {
        /// In the order of `ls`, with the names that it shows.
        var files: [ListedFile] = []
        /// The names of owners that the server told.
        var owners = OwnerNames()
    }

    init(session: SFTPSession, options: ListingOptions, deadline: OperationDeadline) {
        self.session = session
        self.options = options
        self.deadline = deadline
    }

    /// - Throws: `SFTPFailure` where `ls` would fail, ``BeyondSFTP``, ``APIError`` 413 for too many files and 408 when it takes too long.
    func run(_ target: ListingTarget) async throws -> Result {
        var content = Content()
        let attributes = try await session.attributes(of: target.argument, followsLinks: options.dereferences) {
            try take($0, below: [], into: &content)
        }
        let file = try ListedFile(name: target.argument, attributes)
        guard file.mode.isDirectory else { return Result(files: try await completed([file], below: nil)) }
        let root = try await listing(content, of: target.argument, below: target.argument)
        return options.recursive ? try await tree(from: root, at: target.argument) : root
    }

    /// The entry of a path itself, as `ls -d` shows it.
    static func entry(of path: AbsolutePath, by session: SFTPSession) async throws -> ListedFile {
        var file = try ListedFile(name: path.bytes, try await session.attributes(of: path.bytes, followsLinks: false))
        if file.mode.isSymbolicLink { file.linkTarget = try await session.readLink(path.bytes) }
        return file
    }

    // MARK: - One directory

    /// - Parameters:
    ///   - name: The directory's, relative to the root; empty for the root itself.
    ///   - root: The path of the listing's root.
    private func directory(_ name: [UInt8], below root: [UInt8]) async throws -> Result {
        let path = Self.path(name, below: root)
        var content = Content()
        try await session.list(path) { try take($0, below: name, into: &content) }
        return try await listing(content, of: path, below: root)
    }

    /// What is in a directory, as it comes.
    private struct Content {
        var result = Result()
        var isEmpty = true
    }

    private func take(_ batch: [SFTPEntry], below name: [UInt8], into content: inout Content) throws {
        try deadline.check()
        content.isEmpty = content.isEmpty && batch.isEmpty
        let shown = content.result.files.count
        var text = 0
        for entry in batch where options.showsHidden || entry.name.first != UInt8(ascii: ".") {
            let path = name.isEmpty ? entry.name : Self.path(entry.name, below: name)
            content.result.files.append(try ListedFile(name: path, entry.attributes))
            text += name.count + entry.name.count
            if !options.numericIDs { content.result.owners.learn(from: entry) }
        }
        try budget.take(files: content.result.files.count - shown, text: text)
    }

    private func listing(_ content: Content, of path: [UInt8], below root: [UInt8]) async throws -> Result {
        // OpenSSH leaves out what it cannot look at; where that is everything, the reason is that the directory may not be entered.
        if content.isEmpty { _ = try await session.attributes(of: path + "/.".utf8, followsLinks: false) }
        var result = content.result
        result.files.sort { Self.precedes($0.name, $1.name) }
        result.files = try await completed(result.files, below: root)
        return result
    }

    /// The order of the C locale.
    private static func precedes(_ name: [UInt8], _ other: [UInt8]) -> Bool {
        name.withUnsafeBytes { name in
            other.withUnsafeBytes { other in name.lexicographicallyPrecedes(other) }
        }
    }

    private static func path(_ name: [UInt8], below directory: [UInt8]) -> [UInt8] {
        if name.isEmpty { return directory }
        return directory.last == UInt8(ascii: "/") ? directory + name : directory + [UInt8(ascii: "/")] + name
    }

    // MARK: - Links

    /// The files with what symbolic links among them hold, or lead to.
    ///
    /// - Parameter root: What the names are relative to; nil for paths.
    private func completed(_ files: [ListedFile], below root: [UInt8]?) async throws -> [ListedFile] {
        let links = files.indices.filter { files[$0].mode.isSymbolicLink }
        guard !links.isEmpty else { return files }
        let completed = try await links.concurrentMap(atMost: Self.concurrency) { index in
            try deadline.check()
            let path = root.map { Self.path(files[index].name, below: $0) } ?? files[index].name
            return try await options.dereferences ? destination(of: files[index], at: path) : withTarget(files[index], at: path)
        }
        var files = files
        for (index, file) in zip(links, completed) { files[index] = file }
        return files
    }

    private func withTarget(_ link: ListedFile, at path: [UInt8]) async throws -> ListedFile {
        var link = link
        link.linkTarget = try await present { try await session.readLink(path) }
        try budget.take(text: link.linkTarget?.count ?? 0)
        return link
    }

    /// What a link leads to, under the link's name. One that leads nowhere shows itself.
    private func destination(of link: ListedFile, at path: [UInt8]) async throws -> ListedFile {
        let attributes = try await present { try await session.attributes(of: path, followsLinks: true) }
        guard let attributes else { return try await withTarget(link, at: path) }
        return try ListedFile(name: link.name, attributes)
    }

    /// Nil for what is not there: it was removed since the directory was read, which is no reason to refuse the listing.
    private func present<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do {
            return try await body()
        } catch let failure as SFTPFailure where failure.code == .noSuchFile {
            return nil
        }
    }

    // MARK: - Everything below

    /// Reads level by level, several directories at once.
    private func tree(from root: Result, at path: [UInt8]) async throws -> Result {
        var tree = ListedTree(root: root.files)
        var owners = root.owners
        while true {
            let names = tree.nextLevel()
            if names.isEmpty { return Result(files: tree.files, owners: owners) }
            let results = try await names.concurrentMap(atMost: Self.concurrency) { name in
                try deadline.check()
                return try await present { try await directory(name, below: path) } ?? Result()
            }
            tree.add(level: results.map(\.files))
            for result in results { owners.add(result.owners) }
        }
    }
}
