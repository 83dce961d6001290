import NIOCore

/// What OpenPBS's commands print with `-F json`: some facts, and one section with an entry for each job, node or queue.
///
/// That is not always JSON. Releases before 2020 leave quotes and newlines of environment variables as they are, and escape what needs no
/// escape (openpbs pull requests 830, 2049); later ones still print `005` as a number (issue 1255), names twice (2677), and bytes that are not UTF-8. So this reads
/// whatever can be made sense of: a string goes on behind a quote that nothing follows which could follow a string, and what cannot be read costs one attribute of
/// one entry, never the list.
struct PBSDocument: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        var name: String
        var attributes: PBSAttributes
    }

    /// What stands beside the section: `timestamp`, `pbs_server`.
    var facts = PBSAttributes()
    /// In the order of the output.
    var entries: [Entry] = []

    /// - Parameter section: `Jobs`, `nodes`, `Queue`, `Server`. There may be none, for want of entries.
    init(_ output: ByteBuffer, section: String) {
        output.withUnsafeReadableBytes { bytes in
            var reader = PBSReader(bytes)
            guard reader.skip(through: UInt8(ascii: "{")) else { return }
            reader.forEachMember { name, reader in
                guard name == section, reader.take(UInt8(ascii: "{")) else {
                    guard let value = reader.value() else { return false }
                    facts.values[name] = value
                    return true
                }
                reader.forEachMember { name, reader in
                    guard let attributes = reader.attributes() else { return false }
                    entries.append(Entry(name: name, attributes: attributes))
                    return true
                }
                return true
            }
        }
    }
}
