/// Object, relation and user of a tuple between zero bytes. What can be read is written as it was.
func fuzzTuples(_ input: FuzzingInput) {
    let fields = input.fields.map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 3 else { return }
    if let object = try? ObjectReference(parsing: fields[0]) {
        require(isSame("\(object)", fields[0]), "the object '\(fields[0])' became '\(object)'")
    }
    if let user = try? UserReference(parsing: fields[2]) {
        require(isSame("\(user)", fields[2]), "the user '\(fields[2])' became '\(user)'")
    }
    guard let key = try? TupleKey(object: fields[0], relation: fields[1], user: fields[2]) else { return }
    require(isSame("\(key)", "\(fields[0])#\(fields[1])@\(fields[2])"), "the tuple became '\(key)'")
}

/// Byte by byte, which Swift's comparison is not.
private func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
