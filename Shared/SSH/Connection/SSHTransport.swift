import NIOCore

/// The byte stream below an SSH connection. Called on the connection's event loop only; what arrives is given to
/// ``SSHConnection/receive(_:)``, the end of the stream to ``SSHConnection/transportClosed(_:)``.
protocol SSHTransport: AnyObject {
    /// Whether more should be sent now. When it becomes true again the transport calls ``SSHConnection/advance()``.
    var isWritable: Bool { get }
    func send(_ bytes: ByteBuffer)
    /// Ends the stream after what was sent so far.
    func close()
}
