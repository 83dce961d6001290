import GoldcrestProtocol

extension Schema {
    /// ``ErrorBody``.
    static let errorBody = component(
        "ApiResponseError",
        .object([
            .required("errorType", errorType, "Whether the request was refused for its shape or for any other reason."),
            .required("message", .string, "What went wrong and, where that helps, what to do."),
            .required("causedBy", .array(of: .string).nullable, "What led to it, outermost first."),
            .required("data", errorDetails.nullable),
            .required("user", .string.nullable, "The user that the token names, once it is accepted."),
        ]))

    private static let errorType = component("ApResponseErrorType", .choice(["error", "validation"]))

    private static let errorDetails = object([.optional("fields", .array(of: errorField), "Every wrong field, when `errorType` is `validation`.")])
        .with("additionalProperties", true)

    private static let errorField = component(
        "ApiResponseErrorField",
        .object([
            .required("location", .choice(["query", "path", "body"])),
            .required("name", .string, "The field's name, or the offset at which the body stops being JSON."),
            .required("message", .string),
        ]))
}
