import GoldcrestServiceKit

/// The paths that bodies name, in every spelling that clients use.
extension BodyFields {
    mutating func sourcePath() -> String? { string("path", "sourcePath", "source_path") }

    mutating func targetPath() -> String? { string("targetPath", "target_path") }
}
