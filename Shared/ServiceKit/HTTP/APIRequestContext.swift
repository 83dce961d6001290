public import GoldcrestProtocol
public import Hummingbird
import Logging
public import NIOCore

/// What is known of a request before anybody is identified.
public struct APIRequestContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    public let channel: any Channel
    /// The ids of the request; set by ``RequestIdentityMiddleware``.
    public var identity: RequestIdentity?
    /// Who asks for what, as the calling service signed it; set by ``CallContextMiddleware``.
    public var call: CallContext?
    /// The user's own token, which slurmrestd and the SSH key services need.
    public var token = ""

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
