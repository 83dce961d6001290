import Foundation
import GoldcrestConfiguration
import Testing

@Suite("Secrets")
struct SecretTests {
    @Test("a secret shows itself neither as text nor by reflection nor as JSON")
    func redacted() throws {
        let secret = Secret("hush")
        var dumped = ""
        dump([secret], to: &dumped)
        let json = String(decoding: try JSONEncoder().encode([secret]), as: UTF8.self)
        for text in ["\(secret)", String(reflecting: secret), "\(Optional(secret) as Any)", dumped, json] {
            #expect(!text.contains("hush"))
        }
        #expect(json == #"["**********"]"#)
        #expect(secret.revealed == "hush")
        #expect(secret == Secret("hush"))
    }

    @Test("settings and their summary never show a secret")
    func settings() throws {
        let loaded = try Settings.load(yaml: ExampleYAML.snakeCase, path: "f7t.yaml")
        var dumped = ""
        dump(loaded, to: &dumped)
        for text in ["\(loaded)", String(reflecting: loaded), dumped, loaded.settings.summary.joined(separator: "\n")] {
            #expect(!text.contains("hush"), "\(text)")
        }
        #expect(dumped.contains(Secret.redacted))
    }

    @Test("errors and warnings never show a secret", arguments: [
        ("hush-account", "[hush-account]"),
        ("hush-account", "{hush: hush}"),
        ("http://user:hush-url@s3:9000", "hush-url"),
        ("http://user:hush-url@s3:9000", "http://user:hush-url@s3:port"),
        ("https://idp.example.org/token", "https://me:hush@idp:port"),
        ("https://idp.example.org/certs", "ftp://me:hush@idp"),
        ("{timeout: 4}", "hush"),
        ("https://idp.example.org/token", "\"hush"),
        ("https://idp.example.org/token", "*hush-anchor : ["),
        ("port: 2222", "port: 2222\n      port: 2223"),
        ("fire_user:\n", "fire_user: hush\n    x:\n"),
    ])
    func errors(old: String, new: String) {
        let yaml = ExampleYAML.snakeCase.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        #expect(yaml != ExampleYAML.snakeCase)
        do {
            _ = try Settings.load(yaml: yaml, path: "f7t.yaml")
            Issue.record("The settings were accepted")
        } catch {
            #expect(!"\(error)".contains("hush"), "\(error)")
            #expect(!error.problems.isEmpty)
        }
    }
}
