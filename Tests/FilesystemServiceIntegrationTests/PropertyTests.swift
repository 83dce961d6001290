import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import StackTesting
import Testing

@Suite("Whatever a file is called")
struct PropertyTests {
    private struct Sample: Sendable {
        var name: [UInt8]
        var content: [UInt8]
    }

    private static let count = 500
    private static let samplesOfDirectory = 50
    private static let directoriesAtOnce = 4

    /// `GOLDCREST_TEST_SEED` makes the names of a test again that failed.
    private static let seed = ProcessInfo.processInfo.environment["GOLDCREST_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)

    @Test("it goes in, is found, read and removed, byte for byte", .timeLimit(.minutes(5)), arguments: [Cluster.FileAccess.exec, .sftp])
    func anyName(access: Cluster.FileAccess) async throws {
        try await FilesystemFixture.with(limit: 100_000, access: access) { fixture async throws in
            let directories = Self.samples().chunked(into: Self.samplesOfDirectory).enumerated().map { ("\(fixture.directory)/\($0.offset)", $0.element) }
            try await directories.forEach(atOnce: Self.directoriesAtOnce) { directory, samples in
                try await fixture.expect(.created, .post, "mkdir", json: ["path": .string(directory)])
                for sample in samples { try await Self.write(sample, to: directory, fixture) }
                try await Self.checkListing(of: samples, in: directory, fixture)
                for sample in samples { try await Self.read(sample, in: directory, fixture) }
                for sample in samples { try await Self.remove(sample, from: directory, fixture) }
                #expect(try await fixture.list(directory, ["showHidden": "true"]).isEmpty, "seed \(Self.seed)")
            }
        }
    }

    private static func samples() -> [Sample] {
        var generator = SplitMix(seed: seed)
        var names: Set<[UInt8]> = []
        var samples: [Sample] = []
        while samples.count < count {
            let name = RandomName.make(using: &generator)
            guard names.insert(name).inserted else { continue }
            let size = Int.random(in: 0...2000, using: &generator)
            samples.append(Sample(name: name, content: (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }))
        }
        return samples
    }

    // MARK: - Operations

    private static func write(_ sample: Sample, to directory: String, _ fixture: FilesystemFixture) async throws {
        let request = FileRequest(method: .post, operation: "upload", path: [], file: (sample.name, sample.content))
        let answer = try await fixture.send(request.request(to: fixture, tree: directory))
        #expect(answer.status == .noContent, "\(what(sample)): \(answer)")
    }

    private static func checkListing(of samples: [Sample], in directory: String, _ fixture: FilesystemFixture) async throws {
        let listed = try await fixture.list(directory, ["showHidden": "true"])
        let sorted = samples.sorted { $0.name.lexicographicallyPrecedes($1.name) }
        // By bytes: Unicode takes different names for the same.
        #expect(listed.map { Array($0.name.utf8) } == sorted.map { Array(shown($0.name).utf8) }, "seed \(seed)")
        #expect(listed.map(\.size) == sorted.map { String($0.content.count) }, "seed \(seed)")
    }

    private static func read(_ sample: Sample, in directory: String, _ fixture: FilesystemFixture) async throws {
        let path = Array(directory.utf8) + [UInt8(ascii: "/")] + sample.name
        let what = what(sample)
        let entries: [FileEntry] = try await get("ls", sample, directory, fixture).output()
        #expect(entries.map { Array($0.name.utf8) } == [Array(shown(path).utf8)], "\(what)")
        let stat: FileStat = try await get("stat", sample, directory, fixture).output()
        #expect(stat.kind == .regular && Int(stat.size) == sample.content.count, "\(what)")
        let head: FileContent = try await get("head", sample, directory, fixture, ["bytes": "1000"]).output()
        #expect(Array(head.content.utf8) == Array(shown(Array(sample.content.prefix(1000))).utf8), "\(what)")
        let checksum: FileChecksum = try await get("checksum", sample, directory, fixture).output()
        #expect(checksum.checksum == SHA256.digest(of: sample.content).hexadecimal, "\(what)")
        #expect(try await get("download", sample, directory, fixture).bytes == sample.content, "\(what)")
    }

    private static func remove(_ sample: Sample, from directory: String, _ fixture: FilesystemFixture) async throws {
        let request = FileRequest(method: .delete, operation: "rm", path: sample.name)
        let answer = try await fixture.send(request.request(to: fixture, tree: directory))
        #expect(answer.status == .noContent, "\(what(sample)): \(answer)")
    }

    private static func get(
        _ operation: String, _ sample: Sample, _ directory: String, _ fixture: FilesystemFixture, _ query: [String: String] = [:]
    ) async throws -> Answer {
        let answer = try await fixture.send(FileRequest.get(operation, sample.name, query).request(to: fixture, tree: directory))
        guard answer.status == .ok else { throw Unexpected(description: "\(operation) of \(what(sample)): \(answer)") }
        return answer
    }

    /// JSON holds Unicode only.
    private static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func what(_ sample: Sample) -> String { "GOLDCREST_TEST_SEED=\(seed), \(PercentEncoding.encode(sample.name))" }
}

extension Array {
    fileprivate func chunked(into size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
