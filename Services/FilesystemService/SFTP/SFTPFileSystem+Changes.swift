import GoldcrestProtocol
import GoldcrestSSH

extension SFTPFileSystem {
    func makeDirectory(_ path: AbsolutePath, withParents: Bool, as user: SSHUser) async throws -> FileEntry {
        try await preferringSFTP {
            try await changing(path, as: user) { session in
                do {
                    try await session.makeDirectory(path.bytes, permissions: nil)
                } catch let failure as SFTPFailure {
                    guard withParents, try await session.isDirectory(path.bytes) else { throw failure }
                }
            }
        } otherwise: {
            try await commands.makeDirectory(path, withParents: withParents, as: user)
        }
    }

    func makeSymbolicLink(_ link: AbsolutePath, to target: AbsolutePath, as user: SSHUser) async throws -> FileEntry {
        try await preferringSFTP {
            try await changing(link, as: user) { try await $0.makeSymbolicLink(link.bytes, to: target.bytes) }
        } otherwise: {
            try await commands.makeSymbolicLink(link, to: target, as: user)
        }
    }

    func changeMode(_ path: AbsolutePath, to mode: FileMode, as user: SSHUser) async throws -> FileEntry {
        try await preferringSFTP {
            if mode.bits == nil { throw BeyondSFTP() }
            return try await changing(path, as: user) { session in
                let old = try await session.attributes(of: path.bytes, followsLinks: true).permissions
                guard let new = old.flatMap(mode.numeric) else { throw BeyondSFTP() }
                try await session.setAttributes(SFTPAttributes(permissions: new), of: path.bytes)
            }
        } otherwise: {
            try await commands.changeMode(path, to: mode, as: user)
        }
    }

    /// A file or an empty directory goes by SFTP, everything else by `rm`: by paths, which is all that SFTP has, nobody can go through directories
    /// safely. Whoever may write in one of them could put a link in the place of the next just before it is entered, and have other files removed.
    /// `rm` holds on to the directory that it has looked at, and one process is quicker than a request for each file.
    func remove(_ path: AbsolutePath, as user: SSHUser) async throws {
        try await preferringSFTP {
            try await ssh.withSFTP(as: user) { session in
                do {
                    try await session.removeFile(path.bytes)
                } catch is SFTPFailure {
                    try await session.removeDirectory(path.bytes)
                }
            }
        } otherwise: {
            try await commands.remove(path, as: user)
        }
    }
}

extension SFTPSession {
    fileprivate func isDirectory(_ path: [UInt8]) async throws -> Bool {
        try await attributes(of: path, followsLinks: true).permissions.map { FileModeText($0).isDirectory } ?? false
    }
}
