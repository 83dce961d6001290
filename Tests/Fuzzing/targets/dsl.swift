/// A model in OpenFGA's language. One that can be read stays the same through JSON and, where it can be written, through the language.
func fuzzLanguage(_ input: FuzzingInput) {
    guard let model = try? AuthorizationModel(dsl: input.text) else { return }
    checkReading(of: model)
}
