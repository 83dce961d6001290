import Glibc

/// What libFuzzer calls with every input it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target(FuzzingInput(start, count))
    return 0
}

/// The one that the environment names.
private let target: @Sendable (FuzzingInput) -> Void = {
    switch getenv("GOLDCREST_FUZZING_TARGET").map({ String(cString: $0) }) {
    case "dsl": fuzzLanguage
    case "json-model": fuzzModels
    case "tuple": fuzzTuples
    case "cel": fuzzExpressions
    default: fatalError("GOLDCREST_FUZZING_TARGET names no target; start Tests/Fuzzing/run")
    }
}()
