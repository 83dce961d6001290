/// Makes the names of temporary files unique.
enum UniqueWord {
    /// Twenty letters and digits from the operating system's generator: nobody else can make a file of that name beforehand.
    static func make() -> String {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        return String((0..<20).compactMap { _ in letters.randomElement() })
    }
}
