/// What the fuzzer makes up for one run.
struct FuzzingInput {
    let bytes: [UInt8]

    init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        bytes = Array(UnsafeBufferPointer(start: start, count: count))
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The parts between zero bytes.
    var fields: [[UInt8]] { bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init) }
}

/// Ends the run as a crash does, so that the fuzzer keeps its input.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
