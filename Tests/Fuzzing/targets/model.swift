/// JSON has no order of relations, conditions and parameters, so that it comes back by name.
func checkReading(of model: AuthorizationModel) {
    let json = model.json()
    guard let fromJSON = try? AuthorizationModel(json: json) else { fatalError("the model's own JSON cannot be read") }
    require(fromJSON.json() == json, "the model is another after it was written and read as JSON")
    require(sorted(fromJSON) == sorted(model), "the model loses something in JSON")

    let isValid = model.problems().isEmpty
    if isValid { for condition in model.conditions { _ = try? CompiledCondition(condition) } }
    guard isValid, let language = try? model.dsl() else { return }
    guard let fromLanguage = try? AuthorizationModel(dsl: language) else { fatalError("the model's own text cannot be read:\n\(language)") }
    // Not the model itself: the language has no operators with one operand, and lists in brackets come first in it.
    require((try? fromLanguage.dsl()) == language, "the model is another after it was written and read in the language:\n\(language)")
}

private func sorted(_ model: AuthorizationModel) -> AuthorizationModel {
    var model = model
    model.conditions.sort { $0.name < $1.name }
    for index in model.conditions.indices { model.conditions[index].parameters.sort { $0.name < $1.name } }
    for index in model.types.indices { model.types[index].relations.sort { $0.name < $1.name } }
    return model
}
