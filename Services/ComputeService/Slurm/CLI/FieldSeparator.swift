import GoldcrestCryptography

/// What stands behind each field of the rows that Slurm's commands print.
///
/// Slurm lets a job's name hold any character but NUL, newlines and control characters included. So no fixed text is safe: this one begins with
/// ASCII's unit separator and goes on with letters drawn for one command, which nobody could have put into a name before.
package struct FieldSeparator: Sendable, Hashable {
    package let text: String

    /// - Parameter text: Neither empty nor beginning with a digit or holding a comma or a colon, which `squeue --Format` would read otherwise.
    package init(_ text: String) {
        self.text = text
    }

    static func random() -> FieldSeparator {
        FieldSeparator("\u{1F}\(Base64URL.encode(SecureRandom.bytes(3)))")
    }
}
