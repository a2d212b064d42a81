// swift-tools-version:6.2
import PackageDescription

// Rooms and arrows are explained in ARCHITECTURE.md. An import that breaks them fails in CI
// (`swift build --explicit-target-dependency-import-check error`).

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    // Rooms are many and small: without it, a field's kind or a page's element is a call through tables wherever two rooms meet.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let business: [Target.Dependency] = ["Core", "Sales", "Service", "Marketing", "Product"]

/// Each mirrors its room. `ZHIKE_TESTS=GateTests,WebTests` leaves the others out, which is quicker to build.
let tests: [Target] = [
    .testTarget(name: "RecordsTests", dependencies: ["Records"], swiftSettings: swift),
    .testTarget(name: "MarkupTests", dependencies: ["Markup"], swiftSettings: swift),
    .testTarget(name: "FormatsTests", dependencies: ["Formats"], swiftSettings: swift),
    .testTarget(name: "StorageTests", dependencies: ["TestSupport", "Storage", "Records"], swiftSettings: swift),
    .testTarget(name: "BusinessTests", dependencies: business + ["Records"], swiftSettings: swift),
    .testTarget(name: "ChannelsTests", dependencies: ["TestSupport", "Channels"], swiftSettings: swift),
    .testTarget(
        name: "GateTests", dependencies: ["TestSupport", "Gate", "Storage", "Records"] + business, exclude: ["Exchange", "Jobs"],
        swiftSettings: swift),
    .testTarget(
        name: "ExchangeTests", dependencies: ["TestSupport", "Gate", "Storage", "Records", "Formats"] + business,
        path: "Tests/GateTests/Exchange", swiftSettings: swift),
    .testTarget(
        name: "JobsTests", dependencies: ["TestSupport", "Gate", "Storage", "Records", "Formats"], path: "Tests/GateTests/Jobs",
        swiftSettings: swift),
    .testTarget(
        name: "CommandTests",
        dependencies: [
            "TestSupport", "zhike", "Gate", "Records", "Storage", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Logging", package: "swift-log"),
        ],
        swiftSettings: swift
    ),
    .testTarget(
        name: "WebTests",
        dependencies: [
            "TestSupport", "Web", "Gate", "Storage", "Records", "Formats", "Rental",
            .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdTesting", package: "hummingbird"),
        ] + business,
        swiftSettings: swift
    ),
].filter { target in Context.environment["ZHIKE_TESTS"].map { $0.split(separator: ",").contains(Substring(target.name)) } ?? true }

let package = Package(
    name: "zhike",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
    ],
    targets: [
        // C libraries, from Debian's -dev packages.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CLibxml", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CQrencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CXlsxWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // The rooms.
        .target(name: "Records", swiftSettings: swift),
        .target(name: "Markup", swiftSettings: swift),
        .target(name: "Formats", dependencies: ["CLibzip", "CLibxml", "CXlsxWriter"], swiftSettings: swift),
        .target(name: "CurlShim", dependencies: ["CLibcurl"]),
        .target(name: "Channels", dependencies: ["CurlShim"], swiftSettings: swift),
        .target(
            name: "Storage",
            dependencies: ["Records", "CLibpq", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: swift
        ),
        .target(
            name: "Gate",
            dependencies: [
                "Records", "Formats",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: swift
        ),

        // The storey of the trade: what every company has, the packs, and what puts them together.
        .target(name: "Core", dependencies: ["Records"], path: "Sources/Business/Core", swiftSettings: swift),
        .target(name: "Sales", dependencies: ["Records", "Core"], path: "Sources/Business/Sales", swiftSettings: swift),
        .target(name: "Service", dependencies: ["Records", "Core"], path: "Sources/Business/Service", swiftSettings: swift),
        .target(name: "Marketing", dependencies: ["Records", "Core", "Sales"], path: "Sources/Business/Marketing", swiftSettings: swift),
        .target(
            name: "Product", dependencies: ["Records", "Core", "Sales", "Service", "Marketing"], path: "Sources/Business/Product",
            swiftSettings: swift),

        .target(
            name: "Web",
            dependencies: [
                "Gate", "Records", "Markup", "Formats", "CZlib", "CQrencode",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Assets"],
            swiftSettings: swift
        ),
        .executableTarget(
            name: "zhike",
            dependencies: [
                "Records", "Storage", "Gate", "Core", "Sales", "Product", "Web", "Formats", "Channels",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: swift
        ),

        // The pack of docs/pack-in-an-hour, compiled and tried by a test.
        .target(name: "Rental", dependencies: ["Records", "Core"], path: "docs/pack-in-an-hour/Rental", swiftSettings: swift),

        // What several test bundles need: databases filled once and copied, a clock that stands still.
        .target(name: "TestSupport", dependencies: ["Records", "Storage", "CLibpq"], path: "Tests/Support", swiftSettings: swift),
    ] + tests,
    swiftLanguageModes: [.v6]
)
