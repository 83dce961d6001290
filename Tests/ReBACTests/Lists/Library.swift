import ReBAC

/// A model with every kind of way from users to documents.
enum Library {
    static func model() throws -> CompiledModel {
        try CompiledModel(
            AuthorizationModel(
                dsl: """
                    model
                      schema 1.1

                    type user

                    type robot

                    type group
                      relations
                        define member: [user, group#member]

                    type folder
                      relations
                        define parent: [folder]
                        define viewer: [user] or viewer from parent

                    type document
                      relations
                        define parent: [folder]
                        define owner: [user]
                        define blocked: [user, user:*]
                        define reviewer: [user, group#member]
                        define temporary: [user with open]
                        define viewer: [user, user:*, group#member] or owner or viewer from parent
                        define commenter: viewer but not blocked
                        define approver: owner and reviewer
                        define visitor: viewer or temporary

                    condition open(x: bool) {
                      x
                    }
                    """))
    }

    static func evaluator(_ tuples: [String], when condition: String? = nil, _ context: ConditionContext = [:]) throws -> Evaluator {
        var index = TupleIndex()
        for text in tuples { index.insert(tuple(text, when: condition, context)) }
        return Evaluator(model: try model(), tuples: index)
    }
}
