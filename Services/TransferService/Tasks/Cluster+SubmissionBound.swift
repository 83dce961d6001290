import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol

extension Cluster {
    /// How long after the beginning of a call of `POST /compute/{system}/jobs` a job may still come of it, whatever happens to the caller, to what
    /// stands between, and to compute-service.
    ///
    /// The caller's deadline is no bound: its end may be noticed late or never, and a proxy may have kept the request. What bounds it is, one after the other,
    /// - until when compute-service accepts the call: until its signed context expires, by a clock that may be slow;
    /// - how long it waits for an SSH connection of the user: as long as the command may take, or a login;
    /// - how long it tries to start the command there;
    /// - how long the system lets the command run: `timeout -k 1`;
    /// - how long the scheduler then takes for a request that it has got: as long again as a request is given.
    ///
    /// slurmrestd has one deadline in place of the three in the middle.
    var submissionBound: Duration {
        let acceptance = Duration.seconds(CallContext.maximumLifetime + CallContextVerifier.clockSkew)
        let command = scheduler.timeout + Self.marginOfCommands
        let connection = max(command, ssh.timeout.connection + ssh.timeout.login)
        return acceptance + connection + command + scheduler.timeout + .seconds(1) + scheduler.timeout
    }

    /// How much later than the system compute-service gives a command up (`SSHLimits.timeoutMargin`).
    private static let marginOfCommands = Duration.seconds(2)
}
