import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import HTTPTypes

/// What the gateway tells everybody about its API, token or not: the OpenAPI document, and a page that shows it.
struct Documentation: Sendable {
    static let documentPath = "/openapi.json"
    static let pagePath = "/docs"

    private let files: [String: DocumentationFile]

    init(_ settings: Settings) throws {
        files = [
            Self.documentPath: DocumentationFile(try OpenAPIDocument(settings).encoded(), contentType: "application/json"),
            Self.pagePath: Self.page(),
        ]
    }

    /// - Parameter path: As it was sent, without the root path; its case does not matter and neither does one slash at its end.
    func file(at path: String) -> (path: String, file: DocumentationFile)? {
        var path = path.lowercased()
        if path.hasSuffix("/") { path.removeLast() }
        return files[path].map { (path, $0) }
    }

    /// One page with everything in it, since many systems' networks reach nothing outside. It asks for the document when it is opened.
    private static func page() -> DocumentationFile {
        let style = String(decoding: PackageResources.page_css, as: UTF8.self)
        let script = String(decoding: PackageResources.page_js, as: UTF8.self)
        let page = String(decoding: PackageResources.page_html, as: UTF8.self)
            .replacing("{{style}}", with: style, maxReplacements: 1)
            .replacing("{{script}}", with: script, maxReplacements: 1)
        let policy = [
            "default-src 'none'", "connect-src 'self'", "img-src data:", "style-src '\(source(style))'", "script-src '\(source(script))'",
            "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ]
        return DocumentationFile(
            Data(page.utf8), contentType: "text/html; charset=utf-8",
            headerFields: [.contentSecurityPolicy: policy.joined(separator: "; ")])
    }

    /// How a Content-Security-Policy names the one style or script that may be in the page.
    private static func source(_ text: String) -> String {
        "sha256-\(Data(SHA256.digest(of: text.utf8)).base64EncodedString())"
    }
}
