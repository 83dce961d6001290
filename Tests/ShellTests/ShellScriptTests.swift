import Foundation
import GoldcrestProtocol
import GoldcrestShell
import Testing

@Suite("Scripts written as templates")
struct ShellScriptTests {
    /// What bash prints when it runs the script.
    private func output(of script: ShellScript) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", try script.text()]
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "a value is one word, whatever is in it",
        arguments: [
            "", " ", "a b", "it's", "\"x\"", "$(echo no)", "`echo no`", "; echo no", "&& echo no", "a\nb", "ends\n", "-rf", "*", "~", "~root", "$HOME",
            "back\\slash", "tab\t", "#x", "a=b", "ü日本", "!!", "{a,b}", "\r", "a\r\nb\r", "%s", "<(echo no)", "\u{1B}[31m",
        ])
    func values(value: String) throws {
        #expect(try output(of: "printf '<%s>' \(value) end") == "<\(value)><end>")
        #expect(try output(of: "value=\(value); printf '<%s>' \"$value\"") == "<\(value)>")
        #expect(try output(of: "values=(\([value, value])); printf '<%s>' \"${values[@]}\"") == "<\(value)><\(value)>")
    }

    @Test("words made of shell syntax at random are just words")
    func randomValues() throws {
        let alphabet = Array("ab '\"$`\\;&|<>(){}[]*?!#~=\n\t-%é@:,")
        for _ in 0..<40 {
            let words = (0..<5).map { _ in String((0..<Int.random(in: 0...20)).map { _ in alphabet.randomElement() ?? "a" }) }
            #expect(try output(of: "printf '<%s>' \(words)") == words.map { "<\($0)>" }.joined())
        }
    }

    @Test("there is no carriage return in a script, which sbatch would take for the line breaks of another system")
    func carriageReturns() throws {
        let script: ShellScript = "echo \("a\r\nb")"
        #expect(!(try script.text().utf8.contains(UInt8(ascii: "\r"))))
    }

    @Test("the literal text is the program, and numbers, commands and other scripts stand in it as they are")
    func program() throws {
        let path = try AbsolutePath(normalising: "/it's")
        let inner: ShellScript = "echo \(path)"
        #expect(try (#"count=\#(3); \#(script: inner) "$x" && \#(command: RemoteCommand("ls", "--", path))"# as ShellScript).text()
            == #"count=3; echo '/it'\''s' "$x" && ls -- '/it'\''s'"#)
    }

    @Test("a list of words has blanks between them, and an empty one is nothing")
    func lists() throws {
        #expect(try ("a \(["b", "c d"]) e" as ShellScript).text() == "a b 'c d' e")
        #expect(try ("a=(\([String]()))" as ShellScript).text() == "a=()")
    }

    @Test("what no script can say is refused", arguments: [[0x61, 0], [0xFF], [0xC3]] as [[UInt8]])
    func impossible(word: [UInt8]) {
        #expect(throws: InvalidCommand.self) { _ = try ("echo \(word)" as ShellScript).text() }
    }
}
