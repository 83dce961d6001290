/// The envelope around the result of a file operation.
public struct OperationOutput<Output: Codable & Sendable>: Codable, Sendable {
    public var output: Output

    public init(_ output: Output) {
        self.output = output
    }
}

extension OperationOutput: Equatable where Output: Equatable {}
