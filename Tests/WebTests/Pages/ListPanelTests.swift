import Hummingbird
import Records
import Testing

@testable import Web

@Suite("What opens behind a list's buttons")
struct ListPanelTests {
    @Test(
        "the panels come apart from the list, as a piece for the script and as a page without it, and keep what is asked",
        arguments: ListPage.Panel.allCases)
    func apart(_ panel: ListPage.Panel) async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let list = try await browser.get("/customers?q=李&sort=-created_at")
            #expect(list.has("data-src=\"/customers/panels/\(panel.rawValue)?q=") && !list.has("name=\"fo\"") && !list.has("name=\"col\""))
            let address = "/customers/panels/\(panel.rawValue)?q=%E6%9D%8E&sort=-created_at"
            let piece = try await browser.get(address, [.htmxRequest: "true"]), page = try await browser.get(address)
            #expect(piece.status == 200 && !piece.has("<html") && page.has("<html") && page.has("<main"))
            let part =
                switch panel {
                case .addfilter: "name=\"fo\""
                case .group: "/customers?q=%E6%9D%8E&amp;sort=-created_at&amp;group=lifecycle"
                case .sort: "name=\"sf\""
                case .cols: "name=\"col\""
                }
            #expect(piece.has(part) && page.has(part))
            #expect(piece.has("name=\"q\" value=\"李\"") || panel == .group)
        }
    }

    @Test("there is no other panel, and none of a list that cannot be seen")
    func none() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/customers/panels/secrets").status == 404)
            #expect(try await browser.get("/nothings/panels/sort").status == 404)
        }
    }
}
