/// The versions that Goldcrest tells of itself.
public enum GoldcrestVersion {
    /// The version of this software.
    public static let current = "0.1.0"
    /// The version of the API, as the header `f7t-appversion` tells it: clients decide by it which features exist.
    public static let api = "2.5.6"
}
