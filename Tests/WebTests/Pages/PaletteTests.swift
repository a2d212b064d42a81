import Core
import Gate
import HTTPTypes
import Records
import Testing

@testable import Web

@Suite("The palette and the preview")
struct PaletteTests {
    private let inline: HTTPFields = [.htmxRequest: "true"]

    @Test("what can be done here comes first, found by pinyin and initials; only what the reader may do")
    func commands() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try #require(
                try await browser.call(.post, "/customers", #"{"name":"恒远","type":"company","source":"other"}"#).json["id"]?.int)
            let here = try await browser.get("/palette?q=&at=/customers/\(id)", inline)
            #expect(here.has("可以做的") && here.has("data-dialog=\"act-freeze\"") && here.has("data-post=\"/customers/\(id)/follow\""))
            #expect(!here.has("act-claim"), "it is not in the pool")
            for typed in ["dongjie", "dj", "冻结"] {
                #expect(
                    try await browser.get("/palette?q=\(QueryItems([("q", typed)]).text.dropFirst(2))&at=/customers/\(id)", inline).has(
                        "act-freeze"), "\(typed)")
            }
            #expect(try await browser.get("/palette?q=xjkh&at=/", inline).has("/customers/new"))
            #expect(!(try await browser.get("/palette?q=dongjie&at=/", inline)).has("act-freeze"))
            _ = try await browser.post("/customers/views", ["name": "重点", "state": "q=x"])
            #expect(try await browser.get("/palette?q=zhongdian&at=/customers", inline).has("视图：重点"))
            let his = browser.other
            try await his.logIn("liwei")
            #expect(!(try await his.get("/palette?q=&at=/customers/\(id)", inline)).has("act-freeze"), "not his to see")
        }
    }

    @Test("a preview shows the facts there are, within the reader's reach; without scripts the record itself opens")
    func preview() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try #require(
                try await browser.call(.post, "/customers", #"{"name":"恒远","type":"company","source":"other","remark":"老客户"}"#).json["id"]?
                    .int)
            let piece = try await browser.get("/customers/\(id)/preview", inline)
            #expect(piece.status == 200 && piece.has("老客户") && piece.has("data-preview-close") && !piece.has("<html"))
            #expect(try await browser.get("/customers/\(id)/preview").location == "/customers/\(id)")
            let his = browser.other
            try await his.logIn("liwei")
            #expect(try await his.get("/customers/\(id)/preview", inline).status == 404)
            // Which record stands open is not a part of the list's links.
            #expect(
                !(try await browser.get("/customers?open=\(id)&q=x").links.contains { $0.hasPrefix("/customers?") && $0.contains("open=") })
            )
        }
    }
}
