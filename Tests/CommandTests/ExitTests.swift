import ArgumentParser
import Gate
import Records
import Storage
import Testing

@testable import zhike

@Suite struct ExitTests {
    @Test("a wrong configuration ends with 78")
    func configuration() {
        let end = Exit(ConfigurationError(message: "端口号有误"))
        #expect(end.code == 78 && end.message == "端口号有误")
    }

    @Test(
        "failed work ends with 1 and says why",
        arguments: [
            CommandFailure(message: "无法读取") as any Error & Sendable, Refusal.conflict("状态不允许"), Problems([Problem("name", "请填写")]),
            StoreError.unavailable("连接中断"), StoreError.full("磁盘空间不足"),
        ])
    func failure(_ error: any Error & Sendable) {
        let end = Exit(error)
        #expect(end.code == 1 && !end.message.isEmpty)
    }

    @Test(
        "wrong usage ends with 64", arguments: [["import"], ["serve", "--port", "x"], ["nonsense"], ["export"], ["token", "create", "x"]])
    func usage(_ arguments: [String]) {
        #expect(throws: (any Error).self) {
            do { _ = try Zhike.parseAsRoot(arguments) } catch {
                #expect(Exit(error).code == 64)
                throw error
            }
        }
    }

    @Test(
        "help ends with 0",
        arguments: ["serve", "import", "export", "migrate", "backup", "restore", "user", "token", "doctor", "verify", "bench", "demo"])
    func help(_ command: String) {
        #expect(throws: (any Error).self) {
            do {
                var parsed = try Zhike.parseAsRoot([command, "--help"])
                try parsed.run()
            } catch {
                let end = Exit(error)
                #expect(end.code == 0 && end.message.contains("USAGE"))
                throw error
            }
        }
    }

    @Test(
        "the first of the environment's words names the language",
        arguments: [
            ([:], Language.chinese), (["LANG": "C.UTF-8"], .chinese), (["LANG": "en_US.UTF-8"], .english),
            (["LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"], .chinese),
            (["LC_ALL": "", "LANG": "de_DE"], .english), (["ZHIKE_LANG": "en", "LC_ALL": "zh_CN"], .english),
            (["LC_ALL": "POSIX", "LANG": "en_US"], .chinese),
        ])
    func language(_ environment: [String: String], _ language: Language) { #expect(Language(environment: environment) == language) }
}
