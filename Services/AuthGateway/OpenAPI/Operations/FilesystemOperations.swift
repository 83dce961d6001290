import GoldcrestProtocol
import HTTPTypes

extension Operation {
    /// `/filesystem/{system_name}/ops/**`
    static let filesystem: [Operation] = [
        Operation(
            .get, "/filesystem/{system_name}/ops/ls", .filesystem, name: "get_ls",
            summary: "List a directory",
            description: "In the order of the names' bytes. A link to a directory is entered with `dereference` or a slash at its end. A file is listed by its full path.",
            parameters: [
                .filePath("The directory or file; absolute."),
                .flag("showHidden", "Also names that begin with a dot."),
                .flag("numericUid", "Numbers instead of the names of users and groups."),
                .flag("recursive", "Everything below, too, by paths relative to the directory."),
                .flag("dereference", "What symbolic links lead to instead of the links."),
                .query("limit", .integer.with("minimum", 1), "The most entries; the answer then tells the `total`."),
                .query("offset", .integer.with("minimum", 0), "How many entries to leave out before them; the answer then tells the `total`."),
            ],
            answer: .ok(.listingAnswer, "The entries."), failures: [.tooLarge]),
        Operation(
            .get, "/filesystem/{system_name}/ops/stat", .filesystem, name: "get_stat",
            summary: "Size, times, owner and mode of a file",
            parameters: [.filePath(), .flag("dereference", "What a symbolic link leads to instead of the link.")],
            answer: .ok(.statAnswer, "What `stat(2)` says.")),
        Operation(
            .get, "/filesystem/{system_name}/ops/head", .filesystem, name: "get_head",
            summary: "The beginning of a file",
            parameters: [
                .filePath(),
                .query("lines", .integer, "How many lines; 10 unless `lines` or `bytes` says otherwise."),
                .query("bytes", .integer, "How many bytes. Not together with `lines`."),
                .flag("skipTrailing", "All but the last so many instead."),
            ],
            answer: .ok(.headAnswer, "The beginning."), failures: [.tooLarge]),
        Operation(
            .get, "/filesystem/{system_name}/ops/tail", .filesystem, name: "get_tail",
            summary: "The end of a file",
            description: "With `follow` the answer goes on with what is appended, as server-sent events, until the client ends it, for at most a day.",
            parameters: [
                .filePath(),
                .query("lines", .integer, "How many lines; 10 unless `lines` or `bytes` says otherwise."),
                .query("bytes", .integer, "How many bytes. Not together with `lines`."),
                .flag("skipHeading", "All but the first so many instead."),
                .flag("follow", "Go on with what is appended to the file, or to another one that takes its place."),
                .header("Last-Event-ID", .string, "With `follow`: begin at this offset, where an earlier answer broke off."),
            ],
            answer: Answer(.ok, "The end.", .json(.tailAnswer), Content(mediaType: "text/event-stream", schema: .followedTail)),
            failures: [.tooLarge, .tooManyRequests.when("The user follows as many files on the system as one user may; `Retry-After` tells when to try again.")]),
        Operation(
            .get, "/filesystem/{system_name}/ops/view", .filesystem, name: "get_view",
            summary: "A part of a file as text",
            parameters: [
                .filePath(),
                .query(
                    "size", .integer.with("minimum", 1).with("default", 5_242_880),
                    "How many bytes; at most the system's `max_ops_file_size`, which is also the default where it is smaller."),
                .query("offset", .integer.with("minimum", 0).with("default", 0), "How many bytes to leave out before them."),
            ],
            answer: .ok(.viewAnswer, "The text; bytes that are not UTF-8 are U+FFFD.")),
        Operation(
            .get, "/filesystem/{system_name}/ops/checksum", .filesystem, name: "get_checksum",
            summary: "The digest of a file",
            parameters: [
                .filePath(),
                .query("algorithm", Schema.checksumAlgorithm.with("default", "SHA256"), "How the digest is made."),
            ],
            answer: .ok(.checksumAnswer, "The digest.")),
        Operation(
            .get, "/filesystem/{system_name}/ops/file", .filesystem, name: "get_file",
            summary: "What kind of content a file has",
            parameters: [.filePath()], answer: .ok(.fileTypeAnswer, "What `file -b` says.")),
        Operation(
            .post, "/filesystem/{system_name}/ops/mkdir", .filesystem, name: "post_mkdir",
            summary: "Make a directory",
            body: .json(.makeDirectoryRequest), answer: .created(.makeDirectoryAnswer, "The new directory."), failures: [.tooLarge]),
        Operation(
            .delete, "/filesystem/{system_name}/ops/rm", .filesystem, name: "delete_rm",
            summary: "Remove a file or a directory with all that is in it",
            parameters: [.filePath()], answer: .noContent("It is gone.")),
        Operation(
            .post, "/filesystem/{system_name}/ops/upload", .filesystem, name: "post_upload",
            summary: "Write a file",
            description: "The file appears under its name only when all of it has arrived; one that was there is replaced and keeps its mode and owner.",
            parameters: [.filePath("The directory to put the file in; absolute.")],
            body: Content(mediaType: "multipart/form-data", schema: .uploadForm), answer: .noContent("The file is there."),
            failures: [.tooLarge]),
        Operation(
            .get, "/filesystem/{system_name}/ops/download", .filesystem, name: "get_download",
            summary: "Read a file",
            description: "A part of a file larger than `max_ops_file_size` can be read by `Range` as long as the part is not larger. `HEAD` tells what there is without reading it.",
            parameters: [
                .filePath(),
                .header("Range", .string, "One range of bytes: `bytes=0-99`, `bytes=100-` or `bytes=-100`. Several ranges are ignored."),
                .header("If-Range", .string, "An `ETag` or `Last-Modified`: send the range only of that version, otherwise the whole file."),
                .header("If-None-Match", .string, "Send the file only if it has none of these tags."),
                .header("If-Modified-Since", .string, "Send the file only if it was changed later; without `If-None-Match` only."),
                .header("If-Match", .string, "Refuse unless the file has one of these tags."),
                .header("If-Unmodified-Since", .string, "Refuse if the file was changed later; without `If-Match` only."),
            ],
            answer: Answer(.ok, "The file's bytes.", .fileBytes, headers: AnswerHeader.ofFiles),
            furtherAnswers: [
                Answer(
                    .partialContent, "The bytes of the range.", .fileBytes,
                    headers: AnswerHeader.ofFiles + [AnswerHeader("Content-Range", "Which bytes these are, and of how many.")]),
                Answer(.notModified, "The client has the file as it is.", headers: AnswerHeader.ofFiles),
            ],
            failures: [.tooLarge, .preconditionFailed, .rangeNotSatisfiable]),
        Operation(
            .post, "/filesystem/{system_name}/ops/symlink", .filesystem, name: "post_symlink",
            summary: "Make a symbolic link",
            description: "What it leads to need not be there, but its path is under the same rules as any other.",
            body: .json(.symbolicLinkRequest), answer: .created(.symbolicLinkAnswer, "The new link."), failures: [.tooLarge]),
        Operation(
            .put, "/filesystem/{system_name}/ops/chmod", .filesystem, name: "put_chmod",
            summary: "Change the permissions of a file",
            description: "A symbolic link stands for what it leads to; the answer is about the link.",
            body: .json(.changeModeRequest), answer: .ok(.changeModeAnswer, "The file."), failures: [.tooLarge]),
        Operation(
            .put, "/filesystem/{system_name}/ops/chown", .filesystem, name: "put_chown",
            summary: "Change the owner, the group, or both of a file",
            description: "The one that is not given stays as it is. A symbolic link stands for what it leads to; the answer is about the link.",
            body: .json(.changeOwnerRequest), answer: .ok(.changeOwnerAnswer, "The file."), failures: [.tooLarge]),
        Operation(
            .post, "/filesystem/{system_name}/ops/cp", .filesystem, name: "post_cp",
            summary: "Copy a file, or a directory with all that is in it",
            description: "At once, for as much as the system's `max_ops_file_size`; for more there is `transfer/cp`, which does the same in a job. An existing file is overwritten, and into an existing directory the copy is put under its own name.",
            body: .json(.directCopyRequest), answer: .created(.directCopyAnswer, "The copy."), failures: [tooMuch]),
        Operation(
            .post, "/filesystem/{system_name}/ops/mv", .filesystem, name: "post_mv",
            summary: "Move or rename a file or directory",
            description: "At once. Into another file system as much as the system's `max_ops_file_size`; for more there is `transfer/mv`, which does the same in a job. An existing file is overwritten, and into an existing directory the source is put under its own name.",
            body: .json(.directMoveRequest), answer: .created(.directMoveAnswer, "The file under its new name."), failures: [tooMuch]),
        Operation(
            .post, "/filesystem/{system_name}/ops/compress", .filesystem, name: "post_compress",
            summary: "Put a file or directory into a tar archive",
            description: "The names in the archive begin with the name of the source. The archive appears under its name only when it is complete; one that was there is replaced.",
            body: .json(.compressRequest), answer: .noContent("The archive is there."), failures: [.tooLarge, tooLong, missingProgram]),
        Operation(
            .post, "/filesystem/{system_name}/ops/extract", .filesystem, name: "post_extract",
            summary: "Unpack a tar archive",
            description: "Nothing is unpacked from an archive that is broken, has another compression than said, or holds an absolute name, a name with `..` or a device. What is unpacked belongs to the user, whoever packed it. It may be ten times as large as `max_ops_file_size`, which bounds the archive.",
            body: .json(.extractRequest), answer: .noContent("Everything is unpacked."), failures: [.tooLarge, tooLong, missingProgram]),
    ]

    private static let tooMuch = Failure.tooLarge.when(
        "The request, or what it would move, is larger than the limit; for files that is the system's `max_ops_file_size`. Transfers have no such limit.")
    private static let tooLong = Failure.timeout.when(
        "It takes longer than a request may, or moves more than the system's `max_ops_file_size`. Transfers have no such limit. Also when the connection or the login took too long.")
    private static let missingProgram = Failure.notImplemented.when("The program for this compression is not installed on the system.")
}

extension Parameter {
    /// The path that an operation works on, in one of the system's file systems.
    static func filePath(_ description: String = "The file; absolute.") -> Parameter {
        .query("path", .string, required: true, description)
    }
}

extension Content {
    fileprivate static let fileBytes = Content(mediaType: "application/octet-stream", schema: .bytes)
}

extension AnswerHeader {
    fileprivate static let ofFiles = [
        AnswerHeader("Accept-Ranges", "`bytes`."),
        AnswerHeader("ETag", "Names this version of the file. Left out while the file may be changing."),
        AnswerHeader("Last-Modified", "When the file was changed."),
    ]
}
