import Testing

@testable import zhike

@Suite struct DoctorTests {
    @Test(
        "versions with the WAL-reset fault are known",
        arguments: [
            ("3.40.1", true), ("3.44.6", false), ("3.50.6", true), ("3.50.7", false), ("3.51.2", true), ("3.51.3", false),
            ("3.52.0", false), ("?", false),
        ])
    func logReset(_ version: String, _ isFaulty: Bool) { #expect(Libraries.hasLogResetFault(version) == isFaulty) }

    @Test("the loaded SQLite says its version")
    func version() { #expect(Libraries.sqlite.hasPrefix("3.")) }
}
