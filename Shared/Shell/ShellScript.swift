/// A program for bash, written as a template: its literal text is the program, and every value put into it is one word, quoted so that the
/// shell takes it for exactly that value.
///
/// ```swift
/// let script: ShellScript = "mv -- \(source) \(target)"
/// // mv -- '/home/it'\''s mine' /scratch/x
/// ```
///
/// Values stand where words stand: not inside quotes, not in a here-document.
public struct ShellScript: Sendable, ExpressibleByStringInterpolation {
    private var pieces: [Piece]

    fileprivate enum Piece: Sendable {
        case program(String)
        case word([UInt8])
        case command(RemoteCommand)
    }

    public init(stringLiteral value: String) {
        pieces = [.program(value)]
    }

    public init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    /// The script as text.
    ///
    /// - Throws: ``InvalidCommand`` if there is no such text: a value has a NUL in it or is not UTF-8.
    public func text() throws -> String {
        let bytes = try pieces.flatMap { piece in
            switch piece {
            case .program(let text): Array(text.utf8)
            case .word(let word): try Self.bytes(of: word)
            case .command(let command): try command.shellBytes()
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidCommand("A name in the script is not UTF-8.")
        }
        return text
    }

    /// A word in quotes, its carriage returns as bash's `$'\r'`: `sbatch` refuses a script in which one is before a line feed.
    private static func bytes(of word: [UInt8]) throws -> [UInt8] {
        try ShellText(quoting: word).bytes.flatMap { $0 == UInt8(ascii: "\r") ? Array("'$'\\r''".utf8) : [$0] }
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        public mutating func appendLiteral(_ literal: String) {
            pieces.append(.program(literal))
        }

        /// One word.
        public mutating func appendInterpolation(_ word: some ShellArgument) {
            pieces.append(.word(word.shellBytes))
        }

        /// One word for each value, with blanks between them.
        public mutating func appendInterpolation(_ words: [any ShellArgument]) {
            for (index, word) in words.enumerated() {
                if index > 0 { pieces.append(.program(" ")) }
                pieces.append(.word(word.shellBytes))
            }
        }

        public mutating func appendInterpolation(_ number: Int) {
            pieces.append(.program(String(number)))
        }

        public mutating func appendInterpolation(command: RemoteCommand) {
            pieces.append(.command(command))
        }

        /// Another script's program, as it stands.
        public mutating func appendInterpolation(script: ShellScript) {
            pieces += script.pieces
        }
    }
}
