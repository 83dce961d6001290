import Foundation
import FoundationXML

/// Reads the XML that a storage answers with, by libxml2. It takes nothing that such an answer has no need of: no document type, so no entities but
/// XML's own five, and no depth in which a reader could get lost.
final class AnswerReader: NSObject {
    /// S3's deepest answers have five levels.
    private static let maximumDepth = 16

    /// The elements that are open, the outermost first.
    private var open: [AnswerElement] = []
    private var root: AnswerElement?

    private override init() {}

    /// - Returns: The outermost element, or `nil` if the text is not such XML.
    static func read(_ bytes: some Sequence<UInt8>) -> AnswerElement? {
        let data = Data(bytes)
        // Only UTF-8 is looked through here, and S3 uses nothing else. UTF-16 without its mark would pass for it but for the NULs.
        guard data.range(of: Data("<!DOCTYPE".utf8)) == nil, !data.contains(0), String(validating: data, as: UTF8.self) != nil else { return nil }
        let reader = AnswerReader()
        let parser = XMLParser(data: data)
        parser.shouldProcessNamespaces = true
        parser.delegate = reader
        guard parser.parse(), reader.open.isEmpty else { return nil }
        return reader.root
    }
}

extension AnswerReader: XMLParserDelegate {
    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
    ) {
        guard open.count < Self.maximumDepth else { return parser.abortParsing() }
        open.append(AnswerElement(name: name))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard let element = open.popLast() else { return }
        guard !open.isEmpty else { return root = element }
        open[open.count - 1].children.append(element)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += text
    }

    func parser(_ parser: XMLParser, foundCDATA bytes: Data) {
        self.parser(parser, foundCharacters: String(decoding: bytes, as: UTF8.self))
    }

    func parser(_ parser: XMLParser, foundInternalEntityDeclarationWithName name: String, value: String?) {
        parser.abortParsing()
    }
}
