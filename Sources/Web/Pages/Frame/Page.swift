import Gate
import Hummingbird
import Markup
import Records

/// One page in the making: who looks, in which language, at which address, with the data behind it.
struct Page {
    let site: Site
    let view: View
    let actor: Actor
    let language: Language
    let path: String
    let items: QueryItems
    let csrf: String
    let theme: String
    /// How high the rows of lists stand.
    let density: String
    /// The page of ours the reader comes from.
    let referer: String?
    /// htmx asks for a part of the page only.
    let isFragment: Bool
    /// What the step before this page did.
    let flash: Flash?

    var catalog: Catalog { view.catalog }

    /// The text of the reader's language.
    func t(_ chinese: String, _ english: String) -> String { language(chinese, english) }

    /// The same address with another query.
    func here(_ items: QueryItems) -> String { path + items.suffix }

    /// What a new record takes over from the records that it is made for: an opportunity's customer.
    func inherit(into row: inout Row) {
        for pair in items.pairs {
            guard let field = row.schema[pair.name], let target = field.target.flatMap({ catalog[$0] }), let id = row[field].int,
                let parent = view.attempt({ try view.record(target, id: id) })
            else { continue }
            for (name, value) in view.inherited(from: parent, by: row.schema) {
                guard case .int(let linked) = value, let other = row.schema[name], row[other].isNull,
                    view.right(row.schema, other) == .edit
                else { continue }
                row[other] = .int(linked)
            }
        }
    }

    /// The anti-forgery token that every form carries.
    var csrfField: Element { input(.type("hidden"), .name("_csrf"), .value(csrf)) }
}

/// What a handler makes of a page.
enum PageAnswer {
    /// A whole page inside the shell.
    case shell(Shell)
    /// A piece that htmx swaps in, or a page without the shell.
    case fragment(any HTML)
    case status(HTTPResponse.Status, any HTML)
    case redirect(String)
    /// Something to take away.
    case file(Response)
}

/// Where a page's content stands: title, crumbs, which navigation entry is the present one.
struct Shell {
    var title: String
    var crumbs: [(label: String, url: String?)] = []
    /// The navigation entry that is lit: an entity's name or a page's.
    var active: String?
    /// Lists and boards scroll inside themselves.
    var isFixed = false
    /// The phone's back arrow leads here.
    var back: String?
    var content: any HTML

    init(
        _ title: String, active: String? = nil, crumbs: [(label: String, url: String?)] = [], isFixed: Bool = false, back: String? = nil,
        @HTMLBuilder content: () -> Node
    ) {
        self.title = title
        self.active = active
        self.crumbs = crumbs
        self.isFixed = isFixed
        self.back = back
        self.content = content()
    }
}
