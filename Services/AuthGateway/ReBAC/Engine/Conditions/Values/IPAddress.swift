/// An IPv4 or IPv6 address as Go's `net/netip` reads it, which is what OpenFGA's `ipaddress` is.
struct IPAddress: Sendable, Hashable {
    /// 4 or 16.
    let bytes: [UInt8]
    /// The zone of a link-local IPv6 address, such as `eth0`; empty without.
    let zone: String

    init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first else { return nil }
        if parts.count == 1, let bytes = Self.version4(address.utf8[...]) {
            (self.bytes, zone) = (bytes, "")
            return
        }
        guard let bytes = Self.version6(address), parts.count == 1 || !parts[1].isEmpty else { return nil }
        (self.bytes, zone) = (bytes, parts.count == 1 ? "" : String(parts[1]))
    }

    private init(bytes: [UInt8]) {
        (self.bytes, zone) = (bytes, "")
    }

    /// An IPv6 address that stands for an IPv4 address (RFC 4291, 2.5.5.2) as that, any other as it is.
    var unmapped: IPAddress {
        isMapped ? IPAddress(bytes: Array(bytes.suffix(4))) : self
    }

    fileprivate var isMapped: Bool {
        bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    }

    /// Four decimal numbers without leading zeros.
    private static func version4(_ text: some Collection<UInt8>) -> [UInt8]? {
        let fields = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for field in fields {
            guard let number = smallNumber(field), let byte = UInt8(exactly: number) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// RFC 4291, 2.2.
    private static func version6(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        let halves = String(text).split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], mayEndWithVersion4: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        // An IPv4 address can only come last.
        guard let tail = groups(halves[1], mayEndWithVersion4: true), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring, mayEndWithVersion4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, field) in fields.enumerated() {
            if mayEndWithVersion4, index == fields.count - 1, let last = version4(field.utf8[...]) {
                return bytes + last
            }
            guard (1...4).contains(field.utf8.count), field.utf8.allSatisfy(isHexadecimal), let group = UInt16(field, radix: 16) else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }

    /// At most three digits without a leading zero.
    fileprivate static func smallNumber(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}

/// A range of addresses: `192.168.0.0/24`.
struct AddressRange: Sendable, Hashable {
    let address: IPAddress
    let prefixLength: Int

    init?(parsing text: some StringProtocol) {
        guard let slash = text.lastIndex(of: "/"), let address = IPAddress(parsing: text[..<slash]), address.zone.isEmpty,
            let length = IPAddress.smallNumber(text[text.index(after: slash)...].utf8), length <= address.bytes.count * 8
        else { return nil }
        // OpenFGA takes a range of mapped addresses for the IPv4 range that it stands for.
        let isMapped = address.isMapped && length >= 96
        self.address = isMapped ? address.unmapped : address
        prefixLength = isMapped ? length - 96 : length
    }

    /// Addresses with a zone are in no range, mapped IPv4 addresses in those of IPv4.
    func contains(_ address: IPAddress) -> Bool {
        guard address.zone.isEmpty else { return false }
        let address = address.unmapped
        guard address.bytes.count == self.address.bytes.count else { return false }
        for (index, pair) in zip(address.bytes, self.address.bytes).enumerated() {
            let bits = prefixLength - index * 8
            guard bits > 0 else { return true }
            let mask: UInt8 = bits >= 8 ? 0xFF : ~(0xFF >> UInt8(bits))
            if (pair.0 ^ pair.1) & mask != 0 { return false }
        }
        return true
    }
}
