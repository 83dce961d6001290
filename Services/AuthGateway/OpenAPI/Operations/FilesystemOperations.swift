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
            parameters: [
                .filePath(),
                .query("lines", .integer, "How many lines; 10 unless `lines` or `bytes` says otherwise."),
                .query("bytes", .integer, "How many bytes. Not together with `lines`."),
                .flag("skipHeading", "All but the first so many instead."),
            ],
            answer: .ok(.tailAnswer, "The end."), failures: [.tooLarge]),
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
            summary: "The SHA-256 digest of a file",
            parameters: [.filePath()], answer: .ok(.checksumAnswer, "The digest.")),
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
            parameters: [.filePath()],
            answer: Answer(.ok, "The file's bytes.", Content(mediaType: "application/octet-stream", schema: .bytes)),
            failures: [.tooLarge]),
    ]
}

extension Parameter {
    /// The path that an operation works on, in one of the system's file systems.
    static func filePath(_ description: String = "The file; absolute.") -> Parameter {
        .query("path", .string, required: true, description)
    }
}
