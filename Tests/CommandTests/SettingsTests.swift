import ArgumentParser
import Testing

@testable import zhike

@Suite struct SettingsTests {
    private func settings(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Settings {
        try Settings(try StoreOptions.parse(arguments), environment: environment)
    }

    @Test("without anything said, data lies in `data` and the server listens at home")
    func plain() throws {
        let folder = try Folder(), none = try folder.write("empty.toml", "")
        let settings = try settings(["--config", none])
        #expect(settings.data == "data" && settings.database == nil && settings.host == "127.0.0.1" && settings.port == 8080)
    }

    @Test("the environment counts more than the file, the command line more than both")
    func precedence() throws {
        let folder = try Folder()
        let file = try folder.write("zhike.toml", "data = \"from-file\"\nport = 1\nhost = \"h-file\"\nallowed_hosts = [\"erp.internal\"]\n")
        let fromFile = try settings(["--config", file])
        #expect(fromFile.data == "from-file" && fromFile.port == 1 && fromFile.allowedHosts == ["erp.internal"])
        let fromEnvironment = try settings(["--config", file], ["ZHIKE_DATA": "from-env", "ZHIKE_PORT": "2"])
        #expect(fromEnvironment.data == "from-env" && fromEnvironment.port == 2 && fromEnvironment.host == "h-file")
        let fromLine = try settings(["--config", file, "--data", "from-line"], ["ZHIKE_DATA": "from-env"])
        #expect(fromLine.data == "from-line")
    }

    @Test(
        "a wrong configuration is an error that names the place",
        arguments: [
            ("port = 99999", "65535"), ("port = \"8080\"", "port"), ("prot = 1", "prot"), ("data = ", "zhike.toml"),
            ("secure = 1", "secure"),
        ])
    func wrongFile(_ text: String, _ mention: String) throws {
        let folder = try Folder(), file = try folder.write("zhike.toml", text)
        let error = #expect(throws: ConfigurationError.self) { try settings(["--config", file]) }
        #expect(error?.message.contains(mention) == true)
    }

    @Test("a file that was named must be there")
    func missingFile() {
        #expect(throws: ConfigurationError.self) { try settings(["--config", "/nowhere/zhike.toml"]) }
    }

    @Test(
        "the environment is checked like the file",
        arguments: [["ZHIKE_PORT": "x"], ["ZHIKE_PORT": "-1"], ["ZHIKE_METRICS": "perhaps"], ["ZHIKE_DATABASE": "mysql://h/d"]])
    func wrongEnvironment(_ environment: [String: String]) throws {
        let folder = try Folder(), none = try folder.write("empty.toml", "")
        #expect(throws: ConfigurationError.self) { try settings(["--config", none], environment) }
    }
}
