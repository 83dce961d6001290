import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import TransferService

/// The bodies are those that clients send, or should not.
@Suite("Requests for transfers")
struct TransferRequestsTests {
    private func cluster(_ transfer: Cluster.DataTransfer?, directives: [String] = []) throws -> Cluster {
        Cluster(
            name: "daint", fileSystems: [.init(path: try AbsolutePath(normalising: "/home"), dataType: .users)],
            ssh: Cluster.SSH(host: "127.0.0.1"), scheduler: Cluster.Scheduler(type: .slurm, version: "24.11"),
            dataOperation: .init(datatransferJobsDirectives: directives, dataTransfer: transfer))
    }

    private static let s3 = Cluster.DataTransfer.s3(
        .init(
            name: "s3", privateURL: Secret("http://127.0.0.1:1"), publicURL: "https://s3.example", accessKeyID: Secret("k"),
            secretAccessKey: Secret("s"), region: "r", ttl: .seconds(60), multipart: .init(maxPartSize: 5 << 20)))
    private static let streamer = Cluster.DataTransfer.streamer(.init(host: "10.0.0.1", inboundTransferLimit: 1000))
    private static let wormhole = Cluster.DataTransfer.wormhole(.init())

    private func request(_ json: String) -> Request {
        let head = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/", headerFields: [.contentType: "application/json"])
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(string: json)))
    }

    private func upload(_ json: String, _ transfer: Cluster.DataTransfer?, directives: [String] = []) async throws -> UploadRequest {
        try await UploadRequest.read(request(json), on: try cluster(transfer, directives: directives))
    }

    private func download(_ json: String, _ transfer: Cluster.DataTransfer?) async throws -> DownloadRequest {
        try await DownloadRequest.read(request(json), on: try cluster(transfer))
    }

    private func refusal(_ body: () async throws -> Void) async throws -> APIError {
        do { try await body() } catch let error as APIError { return error }
        return try #require(nil as APIError?, "It is not refused")
    }

    @Test("an upload is read in every client's spelling", arguments: [
        #"{"path": "/home/u/../u/f", "transfer_directives": {"file_size": 5242881, "transfer_method": "s3"}}"#,
        #"{"sourcePath": "/home/u/f", "account": "", "transferDirectives": {"fileSize": 5242881, "transferMethod": "s3"}}"#,
        #"{"source_path": "/home/u/f", "transferDirectives": {"fileSize": 5242881}, "transferMethod": "s3", "account": null}"#,
    ])
    func uploads(json: String) async throws {
        let request = try await upload(json, Self.s3)
        #expect(request.target.string == "/home/u/f" && request.account == nil && request.idempotencyKey == nil)
        guard case .s3(let parts) = request.way else {
            Issue.record("\(request.way)")
            return
        }
        #expect(parts.size == 5_242_881 && parts.partSize == 5 << 20 && parts.count == 2)
    }

    @Test("a download is read in every client's spelling", arguments: [
        #"{"source_path": "/home/u/f", "transfer_directives": {"transferMethod": "s3"}, "account": "a"}"#,
        #"{"sourcePath": "/home/u/f", "transferMethod": "s3", "account": "a"}"#,
        #"{"path": "/home/u/./f", "transferDirectives": {"transfer_method": "s3"}, "account": "a"}"#,
    ])
    func downloads(json: String) async throws {
        let request = try await download(json, Self.s3)
        #expect(request.source.string == "/home/u/f" && request.account == "a" && request.way == Self.s3)
    }

    @Test("streamer and wormhole have directives of their own")
    func otherWays() async throws {
        let sized = #"{"path": "/home/f", "transfer_directives": {"file_size": 7, "transfer_method": "streamer"}}"#
        guard case .streamer(_, fileSize: 7) = try await upload(sized, Self.streamer).way else {
            Issue.record("no streamer")
            return
        }
        let coded = #"{"path": "/home/f", "transfer_directives": {"wormholeCode": "7-crossover-clockwork", "transfer_method": "wormhole"}}"#
        guard case .wormhole(_, let code) = try await upload(coded, Self.wormhole).way else {
            Issue.record("no wormhole")
            return
        }
        #expect(code.secret.revealed == "7-crossover-clockwork")
        #expect(try await download(#"{"path": "/home/f", "transferDirectives": {"transferMethod": "wormhole"}}"#, Self.wormhole).way == Self.wormhole)
    }

    @Test("what is wrong with the directives is told by its name", arguments: [
        (#""transferDirectives": {"fileSize": 1}"#, "transferDirectives.transferMethod"),
        (#""account": "a""#, "transferDirectives.transferMethod"),
        (#""transferDirectives": null"#, "transferDirectives.transferMethod"),
        (#""transferDirectives": "s3""#, "transferDirectives"),
        (#""transferDirectives": {"transferMethod": 3, "fileSize": 1}"#, "transferDirectives.transferMethod"),
        (#""transferDirectives": {"transferMethod": "s3"}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": null}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": -1}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": "1"}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": 1.5}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": 1e300}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": 5497558138881}"#, "transferDirectives.fileSize"),
        (#""transferDirectives": {"transferMethod": "s3", "fileSize": 1}, "account": "a b""#, "account"),
    ])
    func problems(fields: String, name: String) async throws {
        let error = try await refusal { _ = try await upload(#"{"path": "/home/f", \#(fields)}"#, Self.s3) }
        #expect(error.status == .badRequest && error.fields.map(\.name) == [name], "\(error)")
    }

    @Test("a missing method is told with the one that the system has")
    func missingMethod() async throws {
        let error = try await refusal { _ = try await download(#"{"path": "/home/f"}"#, Self.streamer) }
        #expect(error.fields.first?.message.contains("daint transfers by streamer") == true)
    }

    @Test("another method than the system's is refused with the right one", arguments: ["streamer", "wormhole", "S3", "scp", ""])
    func otherMethod(name: String) async throws {
        let json = #"{"path": "/home/f", "transferDirectives": {"transferMethod": "\#(name)", "fileSize": 1}}"#
        for error in [try await refusal { _ = try await upload(json, Self.s3) }, try await refusal { _ = try await download(json, Self.s3) }] {
            #expect(error.status == .badRequest && error.message.contains("daint transfers by s3"))
        }
    }

    @Test("a system without data_transfer cannot do it, whatever the method")
    func noTransfer() async throws {
        for method in ["s3", "wormhole"] {
            let json = #"{"path": "/home/f", "transferDirectives": {"transferMethod": "\#(method)", "fileSize": 1}}"#
            #expect(try await refusal { _ = try await upload(json, nil) }.status == .notImplemented)
            #expect(try await refusal { _ = try await download(json, nil) }.status == .notImplemented)
        }
    }

    @Test("the path is looked at first", arguments: [
        "{}", #"{"path": 5}"#, #"{"path": ""}"#, #"{"path": "f"}"#, #"{"path": "/etc/passwd"}"#, #"{"path": "/home/../etc"}"#, #"{"path": "/home2/f"}"#,
        #"{"path": "/home/\u0000"}"#,
    ])
    func paths(json: String) async throws {
        for error in [try await refusal { _ = try await upload(json, nil) }, try await refusal { _ = try await download(json, nil) }] {
            #expect(error.status == .badRequest && error.fields.isEmpty)
        }
    }

    @Test("a whole file system is no file to make")
    func wholeFileSystem() async throws {
        let json = #"{"path": "/home", "transferDirectives": {"transferMethod": "s3", "fileSize": 1}}"#
        #expect(try await refusal { _ = try await upload(json, Self.s3) }.message.contains("whole file system"))
    }

    @Test("a file of more than the streamer takes is refused with the limit, and so is what is no code of a wormhole")
    func limits() async throws {
        let large = #"{"path": "/home/f", "transferDirectives": {"transferMethod": "streamer", "fileSize": 1001}}"#
        #expect(try await refusal { _ = try await upload(large, Self.streamer) }.fields.first?.message.contains("1000") == true)
        for code in ["null", "7", "\"\"", "\"7 a\"", "\"x-y\"", "\"7-a\\nb\""] {
            let json = #"{"path": "/home/f", "transferDirectives": {"transferMethod": "wormhole", "wormholeCode": \#(code)}}"#
            #expect(try await refusal { _ = try await upload(json, Self.wormhole) }.fields.map(\.name).contains("transferDirectives.wormholeCode"), "\(code)")
        }
    }

    @Test("an account that the directives want is demanded")
    func account() async throws {
        for account in ["", #", "account": null"#, #", "account": """#] {
            let json = #"{"path": "/home/f", "transferDirectives": {"transferMethod": "s3", "fileSize": 1}\#(account)}"#
            let error = try await refusal { _ = try await upload(json, Self.s3, directives: ["#SBATCH -A {account}"]) }
            #expect(error.fields.map(\.name) == ["account"])
        }
    }

    @Test("archives are made and unpacked as the body says")
    func archives() async throws {
        let (source, target) = (try AbsolutePath(normalising: "/home/a"), try AbsolutePath(normalising: "/home/b.tar"))
        let plain = try await FileTransferRequest.compress(request(#"{"sourcePath": "/home/a", "targetPath": "/home/b.tar"}"#), on: try cluster(nil))
        #expect(plain.transfer == .compress(ArchiveOrder(source: source, target: target)))
        let full = try await FileTransferRequest.compress(
            request(#"{"path": "/home/a", "target_path": "/home/b.tar", "match_pattern": ".*x", "dereference": true, "compression": "xz"}"#),
            on: try cluster(nil))
        #expect(
            full.transfer == .compress(ArchiveOrder(source: source, target: target, compression: .xz, matchPattern: ".*x", dereference: true)))
        let extraction = try await FileTransferRequest.extract(
            request(#"{"source_path": "/home/b.tar", "targetPath": "/home/a", "compression": "none"}"#), on: try cluster(nil))
        #expect(extraction.transfer == .extract(source: target, target: source, compression: .none))
    }

    @Test("archives are refused for what is wrong with the body", arguments: [
        (#"{"path": "/home/a", "targetPath": "/home/b", "compression": "zip"}"#, ["compression"]),
        (#"{"path": "/home/a", "targetPath": "/home/b", "dereference": "no", "matchPattern": 1}"#, ["matchPattern", "dereference"]),
        (#"{"path": "/home/a", "targetPath": "/home/b", "matchPattern": "\u0000"}"#, ["matchPattern"]),
        (#"{"path": "/home/a"}"#, []),
        (#"{"path": "/home/a", "targetPath": "/etc/b"}"#, []),
        (#"{"path": "/home/a", "targetPath": "/home"}"#, []),
    ])
    func wrongArchives(json: String, names: [String]) async throws {
        let error = try await refusal { _ = try await FileTransferRequest.compress(request(json), on: try cluster(nil)) }
        #expect(error.status == .badRequest && Set(error.fields.map(\.name)) == Set(names))
    }
}
