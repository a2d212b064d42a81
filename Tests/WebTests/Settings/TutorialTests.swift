import Foundation
import Gate
import Product
import Records
import Rental
import TestSupport
import Testing

@testable import Web

/// docs/pack-in-an-hour.md as somebody who follows it finds it.
@Suite("The pack in an hour")
struct TutorialTests {
    @Test("what the guide shows is what is compiled")
    func guide() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let text = try String(contentsOf: root.appending(path: "docs/pack-in-an-hour.md"), encoding: .utf8)
        let files = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs/pack-in-an-hour/Rental").path)
        #expect(files.count > 8)
        for file in files {
            let code = try String(contentsOf: root.appending(path: "docs/pack-in-an-hour/Rental/\(file)"), encoding: .utf8)
            #expect(text.contains("`Rental/\(file)`") && text.contains("```swift\n\(code)```"), "\(file)")
        }
    }

    @Test("is switched on and does a day's work", arguments: Engine.available)
    func day(engine: Engine) async throws {
        try await Office.open(on: engine, packs: Packs.all + [.rental]) { office, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/rentals").status == 404)
            #expect(try await browser.post("/settings/packs/rental/on").status == 303)
            let car = try await browser.call(
                .post, "/rental_cars", #"{"plate": "浙A99001", "model": "星驰S5", "daily_cents": 20000}"#)
            #expect(car.status == 201, "\(car)")
            let customer = try await browser.call(
                .post, "/customers",
                #"{"name": "韦青", "type": "person", "source": "walk_in", "mobile": "19900009902", "driving_licence": "330000199001010011", "licence_until": "2020-01-01"}"#
            )
            let (carID, customerID) = (car.json["id"]?.int ?? 0, customer.json["id"]?.int ?? 0)
            func rent(_ from: String, _ to: String) async throws -> Browser.Answer {
                try await browser.call(
                    .post, "/rentals", #"{"customer_id": \#(customerID), "car_id": \#(carID), "from_on": "\#(from)", "to_on": "\#(to)"}"#)
            }
            let first = try await rent("2030-05-01", "2030-05-03")
            #expect(first.status == 201 && first.json["amount_cents"]?.int == 60_000, "\(first)")
            #expect(try await rent("2030-05-03", "2030-05-04").has("已被预订"))
            let id = first.json["id"]?.int ?? 0
            #expect(try await browser.get("/rentals/\(id)").has("交车"))
            #expect(try await browser.call(.post, "/rentals/\(id)/actions/hand_over", "{}").status == 200)
            #expect(try await browser.call(.get, "/rental_cars/\(carID)").json["is_out"]?.bool == true)
            let back = try await browser.call(.post, "/rentals/\(id)/actions/take_back", #"{"kilometres": 120}"#)
            #expect(back.status == 200 && back.has("\"returned\""), "\(back)")

            // What it adds to customers is theirs: on the page, in the filter, in the import's form, in the search.
            let page = try await browser.get("/customers/\(customerID)")
            #expect(page.has("330000199001010011") && page.has("驾驶证已于 2020-01-01 过期"))
            #expect(try await browser.call(.get, "/customers?filter%5Brental_count%5D=1").json["items"]?.list?.count == 1)
            #expect(try await browser.call(.get, "/customers?q=330000199001010011").json["items"]?.list?.count == 1)
            #expect(try await browser.get("/api/openapi.json").has("driving_licence"))
            #expect(try await browser.get("/rentals/\(id)/print?form=rental").has("车辆租赁单"))
            #expect(try await browser.get("/reports").has("租赁概况"))

            #expect(try await browser.post("/settings/packs/rental/off").status == 303)
            #expect(try await browser.get("/rentals").status == 404)
            #expect(try await browser.get("/customers/\(customerID)").has("330000199001010011") == false)
            #expect(try await browser.call(.get, "/customers?q=330000199001010011").json["items"]?.list?.isEmpty == true)
        }
    }

    @Test("has its part in the demo company")
    func demo() async throws {
        try await Office.open(packs: Packs.all + [.rental]) { office, browser in
            try await office.gate.switchPack("rental", on: true, as: .system())
            let demo = Demo(size: .sample, asOf: office.gate.clock.now().day)
            for step in office.gate.catalog.capabilities.flatMap({ $0.demo(demo) }) {
                try await office.gate.write(as: .system(via: "demo")) { tx in
                    tx.ignoresWarnings = true
                    try step(tx)
                }
            }
            try await browser.logIn("linlan")
            #expect(try await browser.call(.get, "/rentals?limit=100").json["items"]?.list?.count == 24)
            #expect(try await browser.get("/dashboard/rental").has("在外车辆"))
        }
    }
}
