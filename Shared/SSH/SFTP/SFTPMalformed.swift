/// The server sent something that is not SFTP.
struct SFTPMalformed: Error, Equatable {
    var what: String

    init(_ what: String) {
        self.what = what
    }
}
