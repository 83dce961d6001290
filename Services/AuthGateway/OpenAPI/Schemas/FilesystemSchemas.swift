import GoldcrestProtocol

extension Schema {
    // MARK: - Answers

    static let listingAnswer = component(
        "GetDirectoryLsResponse",
        .object([
            .required("output", .array(of: file)),
            .optional("total", .integer, "How many entries there are altogether; only when `limit` or `offset` asks for a part of them."),
        ]))
    static let statAnswer = output("GetFileStatResponse", fileStat)
    static let headAnswer = output("GetFileHeadResponse", fileContent)
    static let tailAnswer = output("GetFileTailResponse", fileContent)
    static let viewAnswer = output("GetViewFileResponse", .string)
    static let followedTail = string.described(
        "With `follow`: events, each with the offset behind its content as `id` and `{\"content\": \"…\"}` as `data`. The event `restart` says that the file was truncated or replaced and that offsets count from its new beginning; `error` is the last one and has the error's body as `data`. Comments come when nothing else does.")
    static let checksumAnswer = output("GetFileChecksumResponse", fileChecksum)
    static let fileTypeAnswer = output("GetFileTypeResponse", .string)
    static let makeDirectoryAnswer = output("PostMkdirResponse", file)
    static let symbolicLinkAnswer = output("PostFileSymlinkResponse", file)
    static let changeModeAnswer = output("PutFileChmodResponse", file)
    static let changeOwnerAnswer = output("PutFileChownResponse", file)
    static let directCopyAnswer = output("PostFileCopyResponse", file)
    static let directMoveAnswer = output("PostFileMoveResponse", file)

    private static func output(_ name: String, _ output: Schema) -> Schema {
        component(name, .object([.required("output", output)]))
    }

    private static let file = component(
        "File",
        .object([
            .required("name", .string, "The name in its directory, the path below the listing's root, or the full path of what was asked for itself."),
            .required("type", .string, "The first letter of `ls -l`: `-`, `d`, `l`, `c`, `b`, `p` or `s`."),
            .required("linkTarget", .string.nullable, "What a symbolic link holds."),
            .required("user", .string),
            .required("group", .string),
            .required("permissions", .string, "As in `rwxr-x---`, with a `+` behind it when there is an access control list."),
            .required("lastModified", .string, "Local time of the system: `YYYY-MM-DDTHH:MM:SS`."),
            .required("size", .string, "Bytes, in decimal."),
        ]))

    private static let fileStat = component(
        "FileStat",
        .object([
            .required("mode", .integer, "Type and permissions, as in `st_mode`."),
            .required("ino", .integer),
            .required("dev", .integer),
            .required("nlink", .integer),
            .required("uid", .integer),
            .required("gid", .integer),
            .required("size", .integer, "Bytes."),
            .required("atime", .integer, "Unix time in seconds."),
            .required("ctime", .integer, "Unix time in seconds."),
            .required("mtime", .integer, "Unix time in seconds."),
        ]))

    private static let fileContent = component(
        "FileContent",
        .object([
            .required("content", .string, "Bytes that are not UTF-8 are U+FFFD."),
            .required("contentType", component("ContentUnit", .choice(["lines", "bytes"])), "What the positions count."),
            .required("startPosition", .integer),
            .required("endPosition", .integer, "A negative position counts from the end of the file."),
        ]))

    private static let fileChecksum = component(
        "FileChecksum",
        .object([.required("algorithm", checksumAlgorithm), .required("checksum", .string, "Hexadecimal, in lower case.")]))

    static let checksumAlgorithm = component("ChecksumAlgorithm", .choice(of: ChecksumAlgorithm.self))

    // MARK: - Requests

    static let makeDirectoryRequest = component(
        "PostMakeDirRequest",
        .object([
            .required("sourcePath", .string, "The directory to make; absolute. `path` is the same."),
            .optional("parent", .boolean.with("default", false), "Make the directories above it, too; it may then exist already."),
        ]))

    static let symbolicLinkRequest = component(
        "PostFileSymlinkRequest",
        .object([
            .required("sourcePath", .string, "What the link leads to; absolute. `path` is the same."),
            .required("linkPath", .string, "The link; absolute."),
        ]))

    static let changeModeRequest = component(
        "PutFileChmodRequest",
        .object([
            filePath,
            .required("mode", .string, "As `chmod` takes it: octal digits, or clauses such as `u+rwX,go-w`."),
        ]))

    static let changeOwnerRequest = component(
        "PutFileChownRequest",
        .object([
            filePath,
            .optional("owner", .string.with("default", ""), "A name or a number; empty to leave it. One with a dot needs the group beside it."),
            .optional("group", .string.with("default", ""), "A name or a number; empty to leave it."),
        ]))

    static let directCopyRequest = component(
        "PostFileCopyRequest",
        .object([
            filePath, copyTarget,
            .optional("dereference", .boolean.with("default", false), "Copy what symbolic links lead to instead of the links."),
        ]))

    static let directMoveRequest = component("PostFileMoveRequest", .object([filePath, copyTarget]))

    static let compressRequest = component("PostCompressRequest", .object(compressFields))
    static let extractRequest = component("PostExtractRequest", .object(extractFields))

    /// Of archives that are made at once and of those that a job makes.
    static let compressFields: [Property] = [
        .required("sourcePath", .string, "The file or directory; absolute. `path` is the same."),
        .required("targetPath", .string, "The archive; absolute."),
        .optional(
            "matchPattern", .string.nullable,
            "Put in only the files below the source that match, and no directories. A regular expression as `find -regex` takes it (Emacs's syntax), for the whole of a path that begins with `./` and the name of the source: `.*\\.txt` for a suffix."),
        .optional("dereference", .boolean.with("default", false), "Put in what symbolic links lead to instead of the links."),
        .optional("compression", compression.with("default", "gzip")),
    ]

    static let extractFields: [Property] = [
        .required("sourcePath", .string, "The archive; absolute. `path` is the same."),
        .required("targetPath", .string, "The directory to unpack it in, which must be there; absolute."),
        .optional("compression", compression.with("default", "gzip")),
    ]

    private static let compression = component("CompressionType", .choice(of: Compression.self))

    private static let filePath = Property.required("sourcePath", .string, "The file or directory; absolute. `path` is the same.")
    private static let copyTarget = Property.required("targetPath", .string, "Absolute; a name, or a directory to put it in.")

    static let uploadForm = component(
        "Body_post_upload_filesystem__system_name__ops_upload_post",
        .object([
            .required(
                "file", .string.with("contentMediaType", "application/octet-stream"),
                "The file. Its `filename` is a single name, under which it appears in the directory.")
        ]))
}
