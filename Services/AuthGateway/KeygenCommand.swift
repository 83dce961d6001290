import ArgumentParser
import GoldcrestProtocol

/// Makes the keys by which the services trust each other's call contexts.
struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make the call-context keys in a folder (for GOLDCREST_KEYS).",
        discussion: """
            Makes one Ed25519 key pair for each service that calls others: <issuer>.key, which only its owner can read, and \
            <issuer>.pub. Give every service the .pub files and only its own .key. Keys that are there already are kept.
            """)

    @Argument(help: "The folder; made if it is not there.")
    var folder: String

    func run() throws {
        for line in try CallContextKeys(folder: folder).generate().lines { print(line) }
    }
}
