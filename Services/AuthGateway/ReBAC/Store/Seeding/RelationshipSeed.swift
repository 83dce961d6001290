import GoldcrestConfiguration
import ReBAC

/// What the gateway's own store is filled with: a model, and the tuples that it begins with.
struct RelationshipSeed: Sendable {
    /// The name of the gateway's own store.
    static let storeName = "goldcrest"
    /// Bytes of a model's file. OpenFGA takes models of 256 KiB in protobuf's encoding, which is shorter than text.
    private static let maximumModelSize = 4 << 20
    /// More would only hide the first ones.
    private static let toldProblems = 50

    let model: AuthorizationModel
    let tuples: [RelationshipTuple]

    init(model: AuthorizationModel, tuples: [RelationshipTuple] = []) {
        self.model = model
        self.tuples = tuples
    }

    /// Reads the files and checks that the model is valid and the tuples fit it.
    ///
    /// - Throws: ``ConfigurationError`` that names file, line and reason of every problem.
    init(reading settings: Authorization.ReBAC) throws(ConfigurationError) {
        let model = try Self.model(at: settings.modelPath)
        let tuples = try settings.tuplesPath.map { path throws(ConfigurationError) in try Self.tuples(at: path, for: model) }
        self.init(model: model, tuples: tuples ?? [])
    }

    private static func model(at path: String) throws(ConfigurationError) -> AuthorizationModel {
        let text: String
        do {
            text = try ConfigurationFile.text(at: path, maximumSize: maximumModelSize)
        } catch {
            throw ConfigurationError(problems: [.init(path: path, found: error.reason, expected: "a file with an OpenFGA model")])
        }
        do {
            let isJSON = text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" } == "{"
            let model = isJSON ? try AuthorizationModel(json: text.utf8) : try AuthorizationModel(dsl: text)
            let problems = model.problems()
            guard problems.isEmpty else { throw InvalidModel(problems: problems) }
            // What has no problem can still be something that cannot be decided, such as a condition that does not compile.
            _ = try CompiledModel(model)
            return model
        } catch {
            throw ConfigurationError(
                problems: (error as? InvalidModel)?.problems.prefix(toldProblems).map { problem in
                    let place = problem.position.map { " in column \($0.column)" } ?? ""
                    return .init(
                        path: path, found: "a mistake\(place) (\(problem.reason))",
                        expected: "a valid OpenFGA model of schema \(AuthorizationModel.schemaVersion)", line: problem.position?.line)
                } ?? [.init(path: path, found: "\(error)", expected: "a valid OpenFGA model")])
        }
    }

    private static func tuples(at path: String, for model: AuthorizationModel) throws(ConfigurationError) -> [RelationshipTuple] {
        var file = TupleFile(path: path)
        file.read()
        file.check(TupleRules(model))
        guard file.problems.isEmpty else { throw ConfigurationError(problems: Array(file.problems.prefix(toldProblems))) }
        return file.tuples.map(\.tuple)
    }
}
