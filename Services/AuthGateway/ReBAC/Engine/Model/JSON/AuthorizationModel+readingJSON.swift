extension AuthorizationModel {
    /// Reads a model as OpenFGA's API writes and takes it (protobuf's JSON of `AuthorizationModel`, or the body of `WriteAuthorizationModel`).
    ///
    /// Names may have either spelling that protobuf takes (`computedUserset`, `computed_userset`), and an empty or null member is an absent one.
    /// What OpenFGA only keeps for people and tools is dropped: `id`, and `module` and `source_info` in metadata.
    /// Everything else that is not known is refused, with its path: who wrote it meant something by it.
    ///
    /// - Throws: ``InvalidModel`` for what cannot be read. What can be read but contradicts itself is told by ``problems()``.
    public init(json: some Collection<UInt8>) throws(InvalidModel) {
        do {
            self = try ModelJSONReader.model(in: Array(json))
        } catch {
            throw InvalidModel(problems: [error])
        }
    }
}

/// The messages of OpenFGA's `authzmodel.proto` in their JSON form.
private enum ModelJSONReader {
    static func model(in bytes: [UInt8]) throws(ModelProblem) -> AuthorizationModel {
        let value: JSONValue
        do {
            value = try JSONReader.value(of: bytes)
        } catch {
            throw ModelProblem("the model is not JSON: the text \(error.message), at byte \(error.offset)", kind: .malformed)
        }
        var fields = try JSONCursor(value).fields()
        fields.drop("id")
        try acceptSchema(try fields.take("schema_version"))
        let types = try fields.take("type_definitions")
        let conditions = try fields.take("conditions")
        try fields.refuseRest()

        var model = AuthorizationModel(types: [])
        for type in try types?.elements() ?? [] { model.types.append(try typeDefinition(type)) }
        for (name, value) in try conditions?.entries() ?? [] { model.conditions.append(try condition(name, value)) }
        return model
    }

    /// An absent version is the current one, as for OpenFGA.
    private static func acceptSchema(_ version: JSONCursor?) throws(ModelProblem) {
        guard let version else { return }
        let text = try version.string()
        guard text.isEmpty || text == AuthorizationModel.schemaVersion else {
            throw version.problem("is '\(text)'; only schema \(AuthorizationModel.schemaVersion) is supported")
        }
    }

    private static func typeDefinition(_ cursor: JSONCursor) throws(ModelProblem) -> TypeDefinition {
        var fields = try cursor.fields()
        let name = try fields.take("type")?.string() ?? ""
        let relations = try fields.take("relations")
        let metadata = try fields.take("metadata")
        try fields.refuseRest()

        var definition = TypeDefinition(name: name)
        var restrictions = try directTypes(metadata)
        for (relation, rewrite) in try relations?.entries() ?? [] {
            definition.relations.append(
                RelationDefinition(
                    name: relation, rewrite: try Self.rewrite(rewrite, nesting: 1),
                    directTypes: restrictions.removeValue(forKey: relation) ?? []))
        }
        if let stray = restrictions.filter({ !$0.value.isEmpty }).keys.min() {
            throw cursor.problem("has metadata of the relation '\(stray)', which it does not define")
        }
        return definition
    }

    private static func directTypes(_ metadata: JSONCursor?) throws(ModelProblem) -> [String: [TypeRestriction]] {
        guard var fields = try metadata?.fields() else { return [:] }
        fields.drop("module")
        fields.drop("source_info")
        let relations = try fields.take("relations")
        try fields.refuseRest()

        var restrictions: [String: [TypeRestriction]] = [:]
        for (relation, value) in try relations?.entries() ?? [] {
            var fields = try value.fields()
            fields.drop("module")
            fields.drop("source_info")
            let types = try fields.take("directly_related_user_types")
            try fields.refuseRest()
            for type in try types?.elements() ?? [] { restrictions[relation, default: []].append(try restriction(type)) }
        }
        return restrictions
    }

    private static func restriction(_ cursor: JSONCursor) throws(ModelProblem) -> TypeRestriction {
        var fields = try cursor.fields()
        let type = try fields.take("type")?.string() ?? ""
        let relation = try fields.take("relation")?.string() ?? ""
        let wildcard = try fields.take("wildcard")
        let condition = try fields.take("condition")?.string() ?? ""
        try fields.refuseRest()

        try wildcard?.expectEmptyObject()
        if wildcard != nil, !relation.isEmpty { throw cursor.problem("has a relation and a wildcard; it can have one of them") }
        let form: TypeRestriction.Form = wildcard != nil ? .wildcard : relation.isEmpty ? .object : .userset(relation: relation)
        return TypeRestriction(type: type, form: form, condition: condition.isEmpty ? nil : condition)
    }

    // MARK: Rewrites

    private static func rewrite(_ cursor: JSONCursor, nesting: Int) throws(ModelProblem) -> UsersetRewrite {
        guard nesting <= UsersetRewrite.maximumNesting else {
            throw cursor.problem("is nested more than \(UsersetRewrite.maximumNesting) deep; give a part of it a relation of its own")
        }
        var fields = try cursor.fields()
        let direct = try fields.take("this")
        let computed = try fields.take("computedUserset", or: "computed_userset")
        let tupleToUserset = try fields.take("tupleToUserset", or: "tuple_to_userset")
        let union = try fields.take("union")
        let intersection = try fields.take("intersection")
        let difference = try fields.take("difference")
        try fields.refuseRest()

        let given = [direct, computed, tupleToUserset, union, intersection, difference].compactMap { $0 }
        guard given.count == 1 else {
            throw cursor.problem("must have one of this, computedUserset, tupleToUserset, union, intersection and difference; it has \(given.count)")
        }
        try direct?.expectEmptyObject()
        if let computed { return .computed(relation: try relation(computed)) }
        if let tupleToUserset { return try Self.tupleToUserset(tupleToUserset) }
        if let union { return .union(try operands(union, nesting: nesting + 1)) }
        if let intersection { return .intersection(try operands(intersection, nesting: nesting + 1)) }
        if let difference { return try exclusion(difference, nesting: nesting + 1) }
        return .direct
    }

    /// An `ObjectRelation`, of which rewrites use only the relation.
    private static func relation(_ cursor: JSONCursor) throws(ModelProblem) -> String {
        var fields = try cursor.fields()
        let object = try fields.take("object")
        let relation = try fields.take("relation")?.string() ?? ""
        try fields.refuseRest()
        // The second is what models of OpenFGA's predecessor say where they mean the object that the tuple names.
        if let object, !["", "$TUPLE_USERSET_OBJECT"].contains(try object.string()) {
            throw object.problem("must be empty; a rewrite cannot name an object")
        }
        return relation
    }

    private static func tupleToUserset(_ cursor: JSONCursor) throws(ModelProblem) -> UsersetRewrite {
        var fields = try cursor.fields()
        let tupleset = try fields.take("tupleset")
        let computed = try fields.take("computedUserset", or: "computed_userset")
        try fields.refuseRest()
        guard let tupleset else { throw cursor.problem("lacks 'tupleset'") }
        guard let computed else { throw cursor.problem("lacks 'computedUserset'") }
        return .tupleToUserset(tupleset: try relation(tupleset), relation: try relation(computed))
    }

    private static func operands(_ cursor: JSONCursor, nesting: Int) throws(ModelProblem) -> [UsersetRewrite] {
        var fields = try cursor.fields()
        let children = try fields.take("child")?.elements() ?? []
        try fields.refuseRest()
        guard !children.isEmpty else { throw cursor.problem("must have at least one child") }
        var operands: [UsersetRewrite] = []
        for child in children { operands.append(try rewrite(child, nesting: nesting)) }
        return operands
    }

    private static func exclusion(_ cursor: JSONCursor, nesting: Int) throws(ModelProblem) -> UsersetRewrite {
        var fields = try cursor.fields()
        let base = try fields.take("base")
        let subtracted = try fields.take("subtract")
        try fields.refuseRest()
        guard let base else { throw cursor.problem("lacks 'base'") }
        guard let subtracted else { throw cursor.problem("lacks 'subtract'") }
        return .exclusion(base: try rewrite(base, nesting: nesting), subtracted: try rewrite(subtracted, nesting: nesting))
    }

    // MARK: Conditions

    private static func condition(_ key: String, _ cursor: JSONCursor) throws(ModelProblem) -> ConditionDefinition {
        var fields = try cursor.fields()
        let name = try fields.take("name")?.string() ?? ""
        let expression = try fields.take("expression")?.string() ?? ""
        let parameters = try fields.take("parameters")
        fields.drop("metadata")
        try fields.refuseRest()
        guard name == key else { throw cursor.problem("has the name '\(name)', but is listed as '\(key)'; they must be the same") }

        var definition = ConditionDefinition(name: name, parameters: [], expression: expression)
        for (name, type) in try parameters?.entries() ?? [] {
            definition.parameters.append(ConditionParameter(name: name, type: try ConditionParameterType(json: type)))
        }
        return definition
    }
}
