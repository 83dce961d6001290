import GoldcrestServiceKit

/// Names that a file may have.
enum RandomName {
    /// What goes into names: any byte that may, what shells and listings give a meaning to, and text whose characters are several bytes.
    private static let alphabets: [[[UInt8]]] = [
        (1...255).filter { $0 != UInt8(ascii: "/") }.map { [$0] },
        Array(" \t\n\r\u{1B}\u{7F}'\"\\$`;|&<>(){}[]*?!~#=%+-:,.^@ab0\u{1}".utf8).map { [$0] },
        "aé日🦅e\u{301}\u{338}\u{202E}\u{200D}\u{FEFF}\u{FFFD}".unicodeScalars.map { Array(String($0).utf8) } + [[0xC3], [0xF0, 0x9F], [0xED, 0xA0, 0x80], [0xFF]],
    ]

    /// A name of 1 to 255 bytes.
    static func make(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        while true {
            let alphabet = alphabets.randomElement(using: &generator) ?? []
            // As many short names as long ones.
            let length = Int.random(in: 1...(Bool.random(using: &generator) ? 8 : 255), using: &generator)
            var name: [UInt8] = []
            while let next = alphabet.randomElement(using: &generator), name.count + next.count <= length { name += next }
            if isPossible(name) { return name }
        }
    }

    /// Whether a file may have the name, and a form can carry it: what forms write as an escape is taken for one.
    private static func isPossible(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, name != [UInt8(ascii: ".")], name != Array("..".utf8) else { return false }
        return !name.indices.contains { index in
            guard name[index] == UInt8(ascii: "%"), name.count > index + 2,
                let decoded = PercentEncoding.decodeBytes(String(decoding: name[index...index + 2], as: UTF8.self))?.first
            else { return false }
            return decoded < 0x20 || decoded == UInt8(ascii: "\"")
        }
    }
}
