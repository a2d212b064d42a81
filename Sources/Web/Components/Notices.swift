import Markup
import Records

extension Page {
    /// What somebody should know before dealing with a record, each with the way to what it is about.
    func notices(of row: Row) -> Node {
        Group {
            for notice in view.attempt({ try view.notices(of: row) }) ?? [] {
                div(.class("alert", notice.tone == .bad ? "alert-bad" : notice.tone == .warn ? "alert-warn" : nil), .role("note")) {
                    site.icon(notice.tone == .neutral ? "info" : "triangle-alert")
                    span { notice.text(language) }
                    if let entity = notice.entity, let id = notice.recordID {
                        a(.class("lnk"), .href("/\(entity)/\(id)")) { t("查看", "Open") }
                    }
                }
            }
        }.node
    }
}
