extension CallContextSigner {
    /// A signer with the private key that the key folder has for `issuer`.
    ///
    /// - Throws: ``CallContextKeyError`` if it is not there, cannot be used, or others can read it.
    public convenience init(issuer: CallIssuer, keys: CallContextKeys) throws {
        self.init(issuer: issuer, key: try keys.signingKey(of: issuer))
    }
}
