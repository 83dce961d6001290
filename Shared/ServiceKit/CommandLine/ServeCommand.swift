import ArgumentParser
import CMalloc
import Glibc
import GoldcrestConfiguration
import Logging
import Metrics
import UnixSignals

/// Runs the service until SIGTERM or SIGINT.
struct ServeCommand<Service: GoldcrestService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract: "Run the service until SIGTERM or SIGINT (the default).",
            discussion: "On a signal no new requests are accepted, running ones may end (at most 20 seconds), connections are closed, and the exit status is 0.")
    }

    func run() async throws {
        Process.prepare()
        MetricsSystem.bootstrap(PrometheusMetrics.shared)
        let deployment = try Deployment.load(for: Service.name)
        let address = deployment.environment.listen
        let assembly = try Service.assemble(deployment)
        let logger = deployment.logger
        try await assembly.run(host: address.host, port: address.port, stoppingOn: [.sigterm, .sigint]) { port in
            logger.notice("accepting requests", metadata: ["host": "\(address.host)", "port": "\(port)", "version": "\(GoldcrestVersion.current)"])
        }
        logger.notice("stopped")
    }
}

/// What the operating system must be told once per process.
private enum Process {
    static func prepare() {
        // libssh2, libcurl and NIO write to sockets whose peers may be gone; that is an error, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Tokens and keys must not land in core files.
        var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)
        // Left alone, glibc keeps more and more of what transfers needed for a moment: each large block that is freed raises these (mallopt(3)).
        mallopt(M_MMAP_THRESHOLD, 1024 * 1024)
        mallopt(M_TRIM_THRESHOLD, 256 * 1024)
    }
}
