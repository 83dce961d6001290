// swift-tools-version:6.2

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "goldcrest",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "auth-gateway", targets: ["auth-gateway"]),
        .executable(name: "compute-service", targets: ["compute-service"]),
        .executable(name: "filesystem-service", targets: ["filesystem-service"]),
        .executable(name: "transfer-service", targets: ["transfer-service"]),
        .executable(name: "health-checker", targets: ["health-checker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: sharedTargets + serviceTargets + testTargets
)

// MARK: - Shared modules

private var sharedTargets: [Target] {
    [
        .systemLibrary(
            name: "CLibSSH2", path: "Shared/SystemLibraries/CLibSSH2", pkgConfig: "libssh2",
            providers: [.apt(["libssh2-1-dev"])]),
        .systemLibrary(
            name: "COpenSSL", path: "Shared/SystemLibraries/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CLibCurl", path: "Shared/SystemLibraries/CLibCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CLibPQ", path: "Shared/SystemLibraries/CLibPQ", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]),
        // Of glibc itself; Swift's own module of it leaves this header out.
        .systemLibrary(name: "CMalloc", path: "Shared/SystemLibraries/CMalloc"),
        shared("Cryptography", ["COpenSSL"]),
        shared("Protocol", ["GoldcrestCryptography", .httpTypes]),
        shared("Configuration", ["GoldcrestProtocol", .httpTypes, .logging, .yams]),
        shared("HTTPClient", ["CLibCurl", .nioCore, .httpTypes, .logging, .deque]),
        shared("Postgres", ["CLibPQ", .logging, .metrics, .serviceLifecycle, .deque]),
        shared("ServicesHealth", ["GoldcrestPostgres", "GoldcrestProtocol"]),
        shared("Shell", ["GoldcrestProtocol", .httpTypes]),
        shared(
            "SSH",
            [
                "CLibSSH2", "COpenSSL", "GoldcrestProtocol", "GoldcrestConfiguration", "GoldcrestCryptography", "GoldcrestHTTPClient",
                "GoldcrestShell",
                .nioCore, .nioPosix, .httpTypes, .logging, .metrics, .deque,
            ]),
        shared(
            "ServiceKit",
            [
                "CMalloc", "GoldcrestProtocol", "GoldcrestConfiguration", "GoldcrestCryptography", "GoldcrestHTTPClient",
                .hummingbird, .hummingbirdCore, .nioCore, .nioHTTP1, .nioHTTPTypes, .nioHTTPTypesHTTP1, .nioFoundation, .nioPosix, .httpTypes,
                .logging, .metrics, .serviceLifecycle, .argumentParser,
            ]),
    ]
}

/// A module that several services use: `Shared/<name>`, imported as `Goldcrest<name>`.
private func shared(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: "Goldcrest\(name)", dependencies: dependencies, path: "Shared/\(name)", swiftSettings: swiftSettings)
}

// MARK: - Services

private var serviceTargets: [Target] {
    service(
        "AuthGateway", executable: "auth-gateway",
        ["ReBAC", "GoldcrestCryptography", "GoldcrestHTTPClient", "GoldcrestPostgres", "GoldcrestServicesHealth", .deque],
        exclude: ["ReBAC/Engine"],
        resources: ["page.html", "page.css", "page.js"].map { .embedInCode("OpenAPI/Page/\($0)") })
        // Decides by models and tuples alone: no server, no database, no clock but for its deadline.
        + [
            .target(name: "ReBAC", dependencies: [.hashTrees], path: "Services/AuthGateway/ReBAC/Engine", swiftSettings: swiftSettings)
        ]
        + service("ComputeService", executable: "compute-service", ["GoldcrestSSH", "GoldcrestShell", "GoldcrestHTTPClient"])
        + service("FilesystemService", executable: "filesystem-service", ["GoldcrestSSH", "GoldcrestShell", "GoldcrestHTTPClient", .asyncAlgorithms])
        + service(
            "TransferService", executable: "transfer-service",
            ["GoldcrestCryptography", "GoldcrestHTTPClient", "GoldcrestPostgres", "GoldcrestShell"],
            resources: ["environment.py", "streamer.py", "wormhole.py"].map { .embedInCode("Jobs/PyPI/\($0)") })
        + service(
            "HealthChecker", executable: "health-checker",
            ["GoldcrestCryptography", "GoldcrestHTTPClient", "GoldcrestPostgres", "GoldcrestServicesHealth"])
}

/// One service: `Services/<name>` is the library that tests assemble, `Services/<name>/Main` the executable around it.
private func service(
    _ name: String, executable: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> [Target] {
    [
        .target(
            name: name,
            dependencies: [
                "GoldcrestProtocol", "GoldcrestConfiguration", "GoldcrestServiceKit",
                .hummingbird, .nioCore, .nioHTTP1, .nioFoundation, .httpTypes, .logging, .metrics, .serviceLifecycle, .argumentParser,
            ] + dependencies,
            path: "Services/\(name)", exclude: ["Main"] + exclude, resources: resources, swiftSettings: swiftSettings),
        .executableTarget(
            name: executable, dependencies: [.byName(name: name), "GoldcrestServiceKit", .argumentParser],
            path: "Services/\(name)/Main", swiftSettings: swiftSettings),
    ]
}

// MARK: - Tests

private var testTargets: [Target] {
    [
        tests("Cryptography", of: ["GoldcrestCryptography"]),
        tests("Protocol", of: ["GoldcrestProtocol", "GoldcrestCryptography"]),
        tests("Configuration", of: ["GoldcrestConfiguration", "GoldcrestProtocol"]),
        tests("HTTPClient", of: ["GoldcrestHTTPClient", .hummingbird, .nioPosix]),
        tests("Postgres", of: ["GoldcrestPostgres", "PostgresTesting", .serviceLifecycle]),
        tests("ServicesHealth", of: ["GoldcrestServicesHealth", "GoldcrestProtocol", "PostgresTesting"]),
        tests("Shell", of: ["GoldcrestShell", "GoldcrestProtocol"]),
        tests(
            "SSH",
            of: [
                "GoldcrestSSH", "GoldcrestShell", "GoldcrestCryptography", "GoldcrestProtocol", "GoldcrestConfiguration", "GoldcrestHTTPClient",
                .hummingbird, .nioPosix,
            ]),
        tests(
            "ServiceKit",
            of: [
                "GoldcrestServiceKit", "GoldcrestProtocol", "GoldcrestConfiguration", "GoldcrestCryptography", "GoldcrestHTTPClient",
                .hummingbird, .metrics,
            ]),
        tests("ReBAC", of: ["ReBAC"]),
        tests(
            "AuthGateway",
            of: [
                "AuthGateway", "ComputeService", "TransferService", "ReBAC", "GoldcrestConfiguration", "GoldcrestServiceKit", "GoldcrestProtocol",
                "GoldcrestCryptography", "GoldcrestHTTPClient", "GoldcrestPostgres", "PostgresTesting", "PyPITesting", .hummingbird,
            ]),
        tests(
            "AuthGatewayIntegration",
            of: [
                "AuthGateway", "ReBAC", "GoldcrestCryptography", "GoldcrestPostgres", "GoldcrestServicesHealth", "PostgresTesting", .hummingbird,
            ] + stackTesting),
        tests(
            "ComputeService",
            of: [
                "ComputeService", "GoldcrestConfiguration", "GoldcrestHTTPClient", "GoldcrestProtocol", "GoldcrestServiceKit", "GoldcrestShell",
                "GoldcrestSSH", .hummingbird, .nioPosix,
            ],
            resources: [.copy("Fixtures")]),
        tests("ComputeServiceIntegration", of: ["ComputeService", "GoldcrestSSH", "GoldcrestShell"] + stackTesting),
        tests("FilesystemService", of: ["FilesystemService", "GoldcrestConfiguration", "GoldcrestProtocol", "GoldcrestShell", "GoldcrestSSH"]),
        tests("FilesystemServiceIntegration", of: ["FilesystemService", "GoldcrestCryptography", "GoldcrestSSH"] + stackTesting),
        tests(
            "TransferService",
            of: [
                "TransferService", "GoldcrestConfiguration", "GoldcrestCryptography", "GoldcrestHTTPClient", "GoldcrestPostgres",
                "GoldcrestProtocol", "GoldcrestServiceKit", "GoldcrestShell", "PostgresTesting", "PyPITesting", "StackTesting", .hummingbird,
            ],
            resources: [.copy("ObjectStorage/Fixtures")]),
        tests(
            "TransferServiceIntegration",
            of: ["TransferService", "GoldcrestCryptography", "GoldcrestPostgres", "PostgresTesting", "PyPITesting", .hummingbird] + stackTesting),
        tests(
            "HealthChecker",
            of: [
                "HealthChecker", "GoldcrestConfiguration", "GoldcrestCryptography", "GoldcrestHTTPClient", "GoldcrestProtocol",
                "GoldcrestServiceKit", "GoldcrestServicesHealth", .hummingbird,
            ]),
        tests(
            "HealthCheckerIntegration", of: ["ComputeService", "HealthChecker", "GoldcrestPostgres", "GoldcrestServicesHealth", "PostgresTesting"] + stackTesting),
        // How fast the outputs of commands are read.
        .executableTarget(
            name: "parsing-benchmark", dependencies: ["ComputeService", .nioCore], path: "Tests/Benchmark/Parsing", swiftSettings: swiftSettings),
        // How fast the gateway's own decisions are, and what its index of tuples costs.
        .executableTarget(name: "rebac-benchmark", dependencies: ["ReBAC"], path: "Tests/Benchmark/ReBAC", swiftSettings: swiftSettings),
        // What the table of transfers costs when it is full.
        .executableTarget(
            name: "transfer-tasks-benchmark", dependencies: ["TransferService", "GoldcrestPostgres", .logging],
            path: "Tests/Benchmark/TransferTasks", swiftSettings: swiftSettings),
        // The running stack, for the tests that need one.
        .target(
            name: "StackTesting", dependencies: ["GoldcrestHTTPClient", "GoldcrestProtocol", "GoldcrestServiceKit", .httpTypes, .nioCore],
            path: "Tests/StackTesting", swiftSettings: swiftSettings),
        // A PostgreSQL server for the tests of whatever keeps something in the database.
        .target(
            name: "PostgresTesting", dependencies: ["GoldcrestPostgres", .logging], path: "Tests/PostgresTesting",
            swiftSettings: swiftSettings),
        // The packages from PyPI that transfers are done with.
        .target(name: "PyPITesting", dependencies: ["StackTesting"], path: "Tests/PyPITesting", swiftSettings: swiftSettings),
    ]
}

/// What tests on the real stack build on.
private var stackTesting: [Target.Dependency] {
    ["GoldcrestConfiguration", "GoldcrestHTTPClient", "GoldcrestProtocol", "GoldcrestServiceKit", "StackTesting"]
}

private func tests(_ name: String, of dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + [.httpTypes, .logging, .nioCore], path: "Tests/\(name)Tests", resources: resources,
        swiftSettings: swiftSettings)
}

// MARK: - Products of packages

extension Target.Dependency {
    static let argumentParser = Self.product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncAlgorithms = Self.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
    static let deque = Self.product(name: "DequeModule", package: "swift-collections")
    static let hashTrees = Self.product(name: "HashTreeCollections", package: "swift-collections")
    static let httpTypes = Self.product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = Self.product(name: "Hummingbird", package: "hummingbird")
    static let logging = Self.product(name: "Logging", package: "swift-log")
    static let metrics = Self.product(name: "Metrics", package: "swift-metrics")
    static let nioCore = Self.product(name: "NIOCore", package: "swift-nio")
    static let hummingbirdCore = Self.product(name: "HummingbirdCore", package: "hummingbird")
    static let nioHTTP1 = Self.product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTPTypes = Self.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioHTTPTypesHTTP1 = Self.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
    static let nioFoundation = Self.product(name: "NIOFoundationEssentialsCompat", package: "swift-nio")
    static let nioPosix = Self.product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle = Self.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let yams = Self.product(name: "Yams", package: "Yams")
}
