import GoldcrestProtocol
import HTTPTypes

extension Operation {
    /// `/status/**`
    static let status: [Operation] = [
        Operation(
            .get, "/status/systems", .status, name: "get_systems",
            summary: "All systems and their health",
            description: "How each system is configured, without its secrets, and what the last health check found.",
            answer: .ok(.systemsAnswer, "The systems.")),
        Operation(
            .get, "/status/liveness/", .status, name: "get_liveness",
            summary: "When the systems were checked last",
            description: "Needs no token. The slash at the end may be left out.",
            needsToken: false, answer: .ok(.liveness, "The times of the last checks.")),
        Operation(
            .get, "/status/{system_name}/userinfo", .status, name: "get_userinfo",
            summary: "Who you are on a system",
            answer: .ok(.userInfo, "Your user, groups and accounts.")),
        Operation(
            .get, "/status/{system_name}/nodes", .status, name: "get_system_nodes",
            summary: "The nodes of a system",
            answer: .ok(.nodesAnswer, "The nodes."), failures: [.notImplemented]),
        Operation(
            .get, "/status/{system_name}/partitions", .status, name: "get_system_partitions",
            summary: "The partitions, or queues, of a system",
            parameters: [.flag("show_hidden", "Also those that the scheduler's configuration hides.")],
            answer: .ok(.partitionsAnswer, "The partitions."), failures: [.notImplemented]),
        Operation(
            .get, "/status/{system_name}/reservations", .status, name: "get_system_reservations",
            summary: "The reservations of a system",
            answer: .ok(.reservationsAnswer, "The reservations."), failures: [.notImplemented]),
    ]
}
