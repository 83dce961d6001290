import GoldcrestShell

/// What a transfer's job does: a program for bash, and what its output log says when it has succeeded.
struct TransferJobWork: Sendable {
    /// It runs in a subshell of the job, with an empty standard input, messages in English (`LC_ALL=C`) and the task's id in `$task`. It ends with the
    /// status of what failed, and 0 means that all is done.
    ///
    /// The subshell has a process group of its own: `kill 0` ends all that it has begun and nothing else. When the job is cancelled or out of time, every
    /// process of the group gets SIGTERM, perhaps more than once.
    var script: ShellScript
    /// pyfirecrest looks for `Files were successfully`, `File was successfully` or `Multipart file upload successfully completed` in it.
    var successMessage: String
}
