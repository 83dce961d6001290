import Foundation
import StackTesting

/// A mailbox server and a transit relay of Magic Wormhole, on the loopback interface.
public struct WormholeServers: Sendable {
    public let relayURL: String
    public let transitHelper: String

    /// What tells the users' `wormhole` of them.
    public var environment: [String: String] { ["WORMHOLE_RELAY_URL": relayURL, "WORMHOLE_TRANSIT_HELPER": transitHelper] }

    public static func with(_ body: (WormholeServers) async throws -> Void) async throws {
        let twist = try await PyPIPackages.installed().command("twist")
        let ports = [try FreePort.find(), try FreePort.find()]
        let database = FileManager.default.temporaryDirectory.appending(path: "goldcrest-mailbox-\(UUID().uuidString).sqlite")
        let mailbox = try ToolProcess(twist, ["wormhole-mailbox", "--port=tcp:\(ports[0]):interface=127.0.0.1", "--channel-db=\(database.path())"])
        let transit = try ToolProcess(twist, ["transitrelay", "--port=tcp:\(ports[1]):interface=127.0.0.1"])
        let result: Result<Void, any Error>
        do {
            for (server, port) in zip([mailbox, transit], ports) {
                try await eventually(within: .seconds(60), "the server listens on port \(port): \(server.output)") {
                    server.output.contains("starting on \(port)")
                }
            }
            result = .success(
                try await body(WormholeServers(relayURL: "ws://127.0.0.1:\(ports[0])/v1", transitHelper: "tcp:127.0.0.1:\(ports[1])")))
        } catch {
            result = .failure(error)
        }
        for server in [mailbox, transit] {
            server.kill()
            _ = try? await server.end()
        }
        try? FileManager.default.removeItem(at: database)
        try result.get()
    }
}
