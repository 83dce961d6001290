extension Cluster.DataOperation {
    init(reading section: ConfigurationSection) {
        self.init(
            // A line break would put further lines into the job's script.
            datatransferJobsDirectives: section.texts("datatransfer_jobs_directives", expected: "one line of a job script") { line in
                !line.isEmpty && !line.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\t" }
            },
            maxOpsFileSize: section.integer("max_ops_file_size", in: 1...Int.max, unit: "bytes", default: 5 << 20),
            dataTransfer: section.optionalSection("data_transfer", Cluster.DataTransfer.read(from:)) ?? nil)
    }
}
