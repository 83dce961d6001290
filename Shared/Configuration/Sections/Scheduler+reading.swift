extension Cluster.Scheduler {
    init(reading section: ConfigurationSection) {
        self.init(
            type: section.choice("type", standIn: .slurm),
            connectionMode: section.choice("connection_mode", default: .ssh),
            version: section.text("version", expected: "the scheduler's version"),
            apiURL: section.optionalURL("api_url"),
            apiVersion: section.optionalText("api_version"),
            timeout: section.seconds("timeout", in: 0.1...3600, default: .seconds(10)))
        check(section)
    }

    private func check(_ section: ConfigurationSection) {
        guard connectionMode != .ssh else {
            if apiURL != nil { section.warn("api_url", "is not used, as connection_mode is ssh") }
            return
        }
        guard type == .slurm else {
            return section.report("connection_mode", found: "“\(connectionMode.rawValue)”", expected: "ssh, the only way to reach PBS")
        }
        if section.find("api_url") == nil {
            section.reportMissing("api_url", expected: "the URL of slurmrestd, as connection_mode is \(connectionMode.rawValue)")
        }
        if section.find("api_version") == nil {
            section.warn("api_version", "is missing; name a version that slurmrestd offers, such as 0.0.42")
        }
    }
}
