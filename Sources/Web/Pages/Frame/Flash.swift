import Gate
import Hummingbird

/// What the last step did, told once on the next page, with the way to undo it.
struct Flash {
    var text: String
    var undo: Int64?

    init(text: String, undo: Int64?) {
        self.text = text
        self.undo = undo
    }

    init?(_ request: Request) {
        guard let value = request.cookies["zhike_flash"]?.value, let items = try? QueryItems(parsing: value), let text = items["text"]
        else { return nil }
        self.init(text: String(text.prefix(200)), undo: items["undo"].flatMap(Int64.init))
    }

    var cookie: String {
        var items: [(name: String, value: String)] = [("text", text)]
        if let undo { items.append(("undo", String(undo))) }
        return "zhike_flash=\(QueryItems(items).text); Path=/; HttpOnly; SameSite=Lax; Max-Age=30"
    }

    static let clear = "zhike_flash=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
}
