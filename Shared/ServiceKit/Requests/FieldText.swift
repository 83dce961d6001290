/// How the API reads numbers and truth values that come as text.
enum FieldText {
    /// Reads true/false, 1/0, yes/no, on/off, t/f, y/n in any case.
    static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "yes", "on", "t", "y": true
        case "false", "0", "no", "off", "f", "n": false
        default: nil
        }
    }

    /// Reads an integer with an optional sign and surrounding blanks.
    static func integer(_ text: String) -> Int? {
        var digits = text[...]
        while digits.first == " " { digits.removeFirst() }
        while digits.last == " " { digits.removeLast() }
        return Int(digits)
    }
}
