import GoldcrestSSH

/// The user for whom a scheduler is asked.
typealias SchedulerUser = SSHUser
