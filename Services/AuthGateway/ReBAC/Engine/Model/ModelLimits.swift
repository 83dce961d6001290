extension AuthorizationModel {
    /// Bytes of a model; what OpenFGA takes by default (`maxAuthorizationModelSizeInBytes`).
    public static let maximumBytes = 256 * 1024
    /// What OpenFGA takes by default (`maxTypesPerAuthorizationModel`).
    public static let maximumTypes = 100
    /// Conditions of a model, and parameters of one of them; what OpenFGA's messages take.
    public static let maximumConditions = 25
    public static let maximumParameters = 25
    /// Bytes of a condition's expression; what OpenFGA's messages take.
    public static let maximumExpressionBytes = 512
    /// Unicode scalars of a type's name; what OpenFGA's messages take.
    public static let maximumTypeNameLength = 254
    /// Unicode scalars of the names of relations, conditions and parameters; what OpenFGA's messages take.
    public static let maximumNameLength = 50
}

extension UsersetRewrite {
    /// How many operators and parentheses of one relation may stand within each other, the innermost operand counted. OpenFGA has no such bound;
    /// here whatever walks a rewrite may recurse and still need little of the stack.
    public static let maximumNesting = 32
}
