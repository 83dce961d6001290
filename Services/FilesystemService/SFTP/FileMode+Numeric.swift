extension FileMode {
    /// The permissions that a mode of digits gives a file; nil for a mode that chmod must work out.
    ///
    /// A directory keeps its set-user-ID and set-group-ID bits unless there are five digits (chmod(1), "SETUID AND SETGID BITS").
    ///
    /// - Parameter old: The file's mode, with its type.
    func numeric(for old: UInt32) -> UInt32? {
        guard let bits else { return nil }
        return text.utf8.count > 4 || !FileModeText(old).isDirectory ? bits : bits | old & 0o6000
    }
}
