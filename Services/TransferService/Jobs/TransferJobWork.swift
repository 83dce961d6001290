import GoldcrestShell

/// What a transfer's job does: a program for bash, and what its output log says when it has succeeded.
struct TransferJobWork: Sendable {
    /// It runs in a subshell of the job, whose standard input is empty. It ends with the status of what failed, and 0 means that all is done.
    var script: ShellScript
    /// pyfirecrest looks for `Files were successfully`, `File was successfully` or `Multipart file upload successfully completed` in it.
    var successMessage: String
}
