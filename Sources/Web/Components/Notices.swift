import Markup
import Records

extension Page {
    /// What somebody should know before dealing with a record, each with the way to what it is about.
    ///
    /// - Parameter present: the record that this page shows already.
    func notices(of row: Row, besides present: Row? = nil) -> Node {
        let all = view.attempt { try view.notices(of: row) } ?? []
        return Group {
            for notice in all where present == nil || notice.entity != present?.schema.name || notice.recordID != present?.id {
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
