/// Reads the language of OpenFGA's models (`.fga`), schema 1.1, by the grammar of `openfga/language`.
struct DSLParser {
    private(set) var model = AuthorizationModel(types: [])
    /// Where the names of types, relations and conditions are defined, as offsets.
    private(set) var definitions: [ModelSubject: Int] = [:]
    var scanner: DSLScanner

    /// Words that are names nowhere in types and relations: the grammar's tokens, some of them of CEL. `model`, `schema`, `type`, `relation`,
    /// `module` and `extend` may be names.
    private static let keywords: Set<String> = ["and", "or", "from", "with", "define", "relations", "condition", "in", "true", "false", "null"]

    init(_ source: SourceText) {
        scanner = DSLScanner(source)
    }

    mutating func parse() throws(ModelProblem) {
        try header()
        while scanner.word == "type" { try typeDefinition() }
        while scanner.word == "condition" { try condition() }
        guard scanner.next == nil else { throw unexpectedDeclaration() }
    }

    private mutating func header() throws(ModelProblem) {
        scanner.skipLines()
        if scanner.word == "module" {
            throw scanner.problem("modules are not supported; write one model of schema \(AuthorizationModel.schemaVersion)")
        }
        try scanner.expect(word: "model")
        try endLine()
        try scanner.expect(word: "schema")
        try scanner.expectBlanks(before: "the version of the schema")
        let start = scanner.offset
        while let byte = scanner.next, DSLScanner.isLetterOrDigit(byte) || byte == UInt8(ascii: ".") { scanner.advance() }
        let version = String(decoding: scanner.source.bytes[start..<scanner.offset], as: UTF8.self)
        guard version == AuthorizationModel.schemaVersion else {
            throw scanner.problem("schema '\(version.prefix(20))' is not supported; only \(AuthorizationModel.schemaVersion) is", at: start)
        }
        try endLine()
    }

    private func unexpectedDeclaration() -> ModelProblem {
        switch scanner.word {
        case "extend", "module": scanner.problem("modules are not supported, and so there is no '\(scanner.word ?? "")'")
        case "define": scanner.problem("'define' must follow 'relations', on a line of its own behind the type's")
        case "relations": scanner.problem("'relations' must follow the line of a type, once, and have at least one 'define'")
        case "type": scanner.problem("types must come before conditions")
        default: scanner.expected("'type', 'define' or 'condition'")
        }
    }

    /// Passes the end of a declaration and what follows it without meaning.
    mutating func endLine() throws(ModelProblem) {
        scanner.skipBlanks()
        guard scanner.isAtLineEnd else { throw scanner.expected("the end of the line") }
        scanner.skipLines()
    }

    // MARK: Types

    private mutating func typeDefinition() throws(ModelProblem) {
        try scanner.expect(word: "type")
        try scanner.expectBlanks(before: "the name of the type")
        let start = scanner.offset
        var definition = TypeDefinition(name: try name(of: "a type"))
        // Of two types with one name, the second is the one too many.
        definitions[.type(definition.name)] = start
        try endLine()
        if scanner.take(word: "relations") {
            try endLine()
            guard scanner.word == "define" else { throw scanner.expected("'define'") }
            var names: Set<String> = []
            while scanner.word == "define" {
                let (relation, offset) = try relationDefinition()
                guard names.insert(relation.name).inserted else {
                    throw scanner.problem("'\(relation.name)' is already defined in '\(definition.name)'", at: offset)
                }
                definitions[.relation(type: definition.name, name: relation.name)] = offset
                definition.relations.append(relation)
            }
        }
        model.types.append(definition)
    }

    private mutating func relationDefinition() throws(ModelProblem) -> (RelationDefinition, Int) {
        try scanner.expect(word: "define")
        try scanner.expectBlanks(before: "the name of the relation")
        let start = scanner.offset
        let name = try name(of: "a relation")
        scanner.skipBlanks()
        try scanner.expect(":")
        scanner.skipBlanks()
        var directTypes: [TypeRestriction] = []
        let rewrite = try rewrite(directTypes: &directTypes)
        try endLine()
        return (RelationDefinition(name: name, rewrite: rewrite, directTypes: directTypes), start)
    }

    mutating func name(of what: String) throws(ModelProblem) -> String {
        guard let word = scanner.word else { throw scanner.expected("the name of \(what)") }
        var ahead = scanner
        if ahead.takeButNot() { throw scanner.problem("expected the name of \(what), but found 'but not'") }
        guard !Self.keywords.contains(word) else { throw scanner.problem("'\(word)' is a word of the language and cannot be the name of \(what)") }
        _ = scanner.take(word: word)
        return word
    }

    // MARK: Conditions

    private mutating func condition() throws(ModelProblem) {
        let (definition, offset) = try conditionDefinition()
        guard definitions.updateValue(offset, forKey: .condition(definition.name)) == nil else {
            throw scanner.problem("the condition '\(definition.name)' is already defined", at: offset)
        }
        model.conditions.append(definition)
        try endLine()
    }
}

extension AuthorizationModel {
    /// Reads a model in OpenFGA's language, schema 1.1, and validates it, since only here each problem's place is known.
    ///
    /// What OpenFGA's own parser takes and refuses is taken and refused here, with these differences: a `#` within the texts of a condition's
    /// expression starts no comment, the type `any` of its JSON can be written, and parentheses nest to a bound
    /// (see ``UsersetRewrite/maximumNesting``). Modules are refused.
    ///
    /// - Throws: ``InvalidModel`` with the first thing that cannot be read, or with all ``problems()``, each with its line and column.
    public init(dsl text: String) throws(InvalidModel) {
        let source = SourceText(text)
        var parser = DSLParser(source)
        do {
            try parser.parse()
        } catch {
            throw InvalidModel(problems: [error])
        }
        let problems = ModelValidation(parser.model).findings().map { finding in
            var problem = finding.problem
            problem.position = finding.subject.flatMap { parser.definitions[$0] }.map(source.position)
            return problem
        }
        guard problems.isEmpty else { throw InvalidModel(problems: problems) }
        self = parser.model
    }
}
