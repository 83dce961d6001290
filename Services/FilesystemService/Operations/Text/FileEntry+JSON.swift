import GoldcrestProtocol
import GoldcrestServiceKit

extension FileEntry {
    /// The same as its encoding by `Codable`, at a fraction of the cost.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("name")
        json.string(name)
        json.key("type")
        json.string(type)
        json.key("linkTarget")
        if let linkTarget { json.string(linkTarget) } else { json.null() }
        json.key("user")
        json.string(user)
        json.key("group")
        json.string(group)
        json.key("permissions")
        json.string(permissions)
        json.key("lastModified")
        json.string(lastModified)
        json.key("size")
        json.string(size)
        json.endObject()
    }
}
