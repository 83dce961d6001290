/// What an attribute of OpenPBS holds. Numbers stay as they are printed: a job may be called `007`.
enum PBSValue: Sendable, Equatable {
    case text(String)
    case list([PBSValue])
    case attributes(PBSAttributes)
}

/// Attributes by their names, such as those of a job.
struct PBSAttributes: Sendable, Equatable {
    var values: [String: PBSValue] = [:]

    subscript(_ name: String) -> String? {
        guard case .text(let text) = values[name] else { return nil }
        return text
    }

    /// An attribute of attributes: `Resource_List`, `resources_used`.
    subscript(_ name: String, _ member: String) -> String? { attributes(name)?[member] }

    func attributes(_ name: String) -> PBSAttributes? {
        guard case .attributes(let attributes) = values[name] else { return nil }
        return attributes
    }

    func integer(_ name: String) -> Int? { self[name].flatMap { Int($0) } }

    func integer(_ name: String, _ member: String) -> Int? { self[name, member].flatMap { Int($0) } }

    func isTrue(_ name: String) -> Bool { self[name] == "True" }
}
