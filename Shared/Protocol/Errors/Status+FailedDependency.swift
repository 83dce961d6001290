public import HTTPTypes

extension HTTPResponse.Status {
    /// Something that the request depends on failed, such as the connection to a system (RFC 4918, section 11.4).
    public static let failedDependency = HTTPResponse.Status(code: 424, reasonPhrase: "Failed Dependency")
}
