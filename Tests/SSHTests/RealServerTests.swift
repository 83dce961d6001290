import Testing

/// The tests that start servers. One at a time: each starts hundreds of processes, and some measure time.
@Suite("SSH with a real server", .serialized, .timeLimit(.minutes(2)))
enum RealServerTests {}
