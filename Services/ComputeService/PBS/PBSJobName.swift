/// The names of jobs: a number, `[]` or an index for arrays, and the server, `7.pbs01`.
enum PBSJobName {
    /// The name without the server, which the commands add by themselves.
    ///
    /// It stays with a job that another server gave its number to, and with the very first job: a bare 0 is no id for Slurm, and so none in the API.
    ///
    /// - Parameter server: The server that was asked; `nil` if any is meant.
    static func short(_ name: String, on server: String?) -> String {
        guard let dot = name.firstIndex(of: "."), name[..<dot] != "0" else { return name }
        let host = label(name[name.index(after: dot)...])
        guard server.map({ label($0[...]) == host }) ?? true else { return name }
        return String(name[..<dot])
    }

    /// The first part of a host's name: a server is called now by it, now by all.
    private static func label(_ host: Substring) -> String { host.prefix { $0 != "." }.lowercased() }
}
