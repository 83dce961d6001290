/// A model in OpenFGA's JSON. One that can be read stays the same through JSON and, where it can be written, through the language.
func fuzzModels(_ input: FuzzingInput) {
    guard let model = try? AuthorizationModel(json: input.bytes) else { return }
    checkReading(of: model)
}
