import GoldcrestShell

/// Presigned URLs that differ in little, such as those of a multipart upload's parts: what they share stands in a script only once.
///
/// The items of a query may be in any order, as a signature is made for the sorted ones (AWS Signature Version 4, “Create a canonical request”). So ten
/// thousand URLs of half a kilobyte take one megabyte of a script, where Slurm takes 4 MiB by default (`max_script_size` of slurm.conf(5)).
struct PresignedURLs {
    /// How each of them begins.
    let beginning: String
    /// How each of them goes on, in their order.
    let endings: [String]

    init(_ urls: [String]) {
        let parsed = urls.map { url in
            let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            return (path: parts.first ?? "", items: parts.dropFirst().flatMap { $0.split(separator: "&") })
        }
        let shared = parsed.dropFirst().reduce(into: Set(parsed.first?.items ?? [])) { $0.formIntersection($1.items) }
        let endings = parsed.map { $0.items.filter { !shared.contains($0) }.joined(separator: "&") }
        guard let first = parsed.first, parsed.allSatisfy({ $0.path == first.path }), !endings.contains("") else {
            beginning = ""
            self.endings = urls
            return
        }
        beginning = "\(first.path)?\(first.items.filter(shared.contains).map { "\($0)&" }.joined())"
        self.endings = endings
    }
}
