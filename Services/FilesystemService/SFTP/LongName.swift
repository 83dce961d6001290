import GoldcrestSSH

/// User and group in the text that an SFTP server shows for an entry, by OpenSSH `mode links user group size month day time-or-year name`.
///
/// The draft leaves the form open, so all that is known otherwise must agree. Source: OpenSSH's `ls_file` in sftp-common.c.
struct LongName: Equatable {
    let user: String
    let group: String

    /// Nil for a text of another form, and for one in which a name has a blank: nothing says where the user's ends and the group's begins.
    init?(_ entry: SFTPEntry) {
        guard let size = entry.attributes.size, entry.longName.count > entry.name.count,
            entry.longName.suffix(entry.name.count).elementsEqual(entry.name)
        else { return nil }
        let words = entry.longName.dropLast(entry.name.count).split(separator: UInt8(ascii: " "))
        guard words.count == 8, words[4].elementsEqual(String(size).utf8) else { return nil }
        user = String(decoding: words[2], as: UTF8.self)
        group = String(decoding: words[3], as: UTF8.self)
    }
}
