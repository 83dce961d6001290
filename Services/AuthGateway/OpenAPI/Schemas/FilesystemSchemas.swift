import GoldcrestProtocol

extension Schema {
    // MARK: - Answers

    static let listingAnswer = output("GetDirectoryLsResponse", .array(of: file))
    static let statAnswer = output("GetFileStatResponse", fileStat)
    static let headAnswer = output("GetFileHeadResponse", fileContent)
    static let tailAnswer = output("GetFileTailResponse", fileContent)
    static let viewAnswer = output("GetViewFileResponse", .string)
    static let checksumAnswer = output("GetFileChecksumResponse", fileChecksum)
    static let fileTypeAnswer = output("GetFileTypeResponse", .string)
    static let makeDirectoryAnswer = output("PostMkdirResponse", file)

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
        .object([.required("algorithm", .string, "`SHA256`."), .required("checksum", .string, "Hexadecimal, in lower case.")]))

    // MARK: - Requests

    static let makeDirectoryRequest = component(
        "PostMakeDirRequest",
        .object([
            .required("sourcePath", .string, "The directory to make; absolute. `path` is the same."),
            .optional("parent", .boolean.with("default", false), "Make the directories above it, too; it may then exist already."),
        ]))

    static let uploadForm = component(
        "Body_post_upload_filesystem__system_name__ops_upload_post",
        .object([
            .required(
                "file", .string.with("contentMediaType", "application/octet-stream"),
                "The file. Its `filename` is a single name, under which it appears in the directory.")
        ]))
}
