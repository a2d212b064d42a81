import Gate
import Markup
import Records

/// The names of linked records on one page, fetched in one go for all rows.
struct Titles {
    private var names: [String: [Int64: String]] = [:]
    private var closed: [String: Set<Int64>] = [:]

    init() {}

    /// - Parameter areTyped: the rows hold what somebody sent, of which only what they may see has a name.
    init(of rows: [Row], fields: [FieldSpec], _ view: View, areTyped: Bool = false) throws {
        var wanted: [String: Set<Int64>] = [:]
        for row in rows {
            for field in fields {
                guard let target = field.target else { continue }
                if let id = row[field].int { wanted[target, default: []].insert(id) }
                for id in row[field].list?.compactMap(LinksKind.id(of:)) ?? [] { wanted[target, default: []].insert(id) }
            }
        }
        for (target, ids) in wanted {
            guard let schema = view.catalog[target] else { continue }
            if areTyped {
                names[target] = try view.titles(schema, ids: ids)
            } else {
                (names[target], closed[target]) = try view.named(linkedTo: schema, ids: ids)
            }
        }
    }

    subscript(target: String, id: Int64) -> String? { names[target]?[id] }

    /// Whether the reader sees the record's name and cannot open it.
    func isClosed(_ target: String, _ id: Int64) -> Bool { closed[target]?.contains(id) ?? false }

    var all: [String: [Int64: String]] { names }

    mutating func add(_ found: [Int64: String], of target: String) { names[target, default: [:]].merge(found) { first, _ in first } }
}

extension Page {
    /// A field's value as a person reads it on a page.
    func display(_ field: FieldSpec, _ row: Row, _ titles: Titles, inList: Bool = false) -> Node {
        let value = row[field]
        if value.isBlank { return span(.class("off")) { "—" }.node }
        if view.right(row.schema, field) == .masked { return .text(value.text ?? "****") }
        if let target = field.target { return links(field, value, target, titles) }
        let kind = field.kind, text = kind.show(value, in: language)
        if kind.choices != nil { return choice(kind, value).node }
        if kind.time == .instant { return value.int.map { moment(Instant(milliseconds: $0)).node } ?? .empty }
        if field.isMoney { return span(.class("num")) { "¥ " + text }.node }
        if let contact = kind.contact, !inList { return reach(contact, value.text ?? "", text).node }
        return .text(field.traits.unit.map { "\(text) \($0(language))" } ?? text)
    }

    /// A click calls, writes or opens.
    private func reach(_ contact: ContactForm, _ address: String, _ text: String) -> Element {
        switch contact {
        case .phone: a(.class("lnk num"), .href("tel:\(address)")) { text }
        case .mail: a(.class("lnk"), .href("mailto:\(address)")) { address }
        case .web: a(.class("lnk"), .href(address), .rel("noopener noreferrer"), .target("_blank")) { address }
        }
    }

    private func links(_ field: FieldSpec, _ value: Value, _ target: String, _ titles: Titles) -> Node {
        let ids = value.int.map { [$0] } ?? value.list?.compactMap(LinksKind.id(of:)) ?? []
        if target == "users", let id = ids.first, ids.count == 1 {
            let name = titles[target, id] ?? "#\(id)"
            return span(.class("who")) {
                site.avatar(name, id: id); name
            }.node
        }
        if field.isLinks {
            return .list(
                ids.map { id in span(.class("tag")) { titles[target, id].map { target == Role.name ? roleName($0) : $0 } ?? "#\(id)" }.node
                })
        }
        return .list(
            ids.map { id in
                let name = titles[target, id] ?? "#\(id)"
                guard let schema = catalog[target], schema.isOwned, schema.traits.isPublic else { return .text(name) }
                guard !titles.isClosed(target, id) else { return closed(name, schema).node }
                return a(.class("lnk"), .href("/\(target)/\(id)")) { name }.node
            })
    }

    /// A name that leads nowhere for this reader, and whom to ask.
    private func closed(_ name: String, _ schema: Schema) -> Element {
        span(
            .title(
                t(
                    "您没有查看这条\(schema.label)的权限，需要时请联系其负责人或您的上级",
                    "You may not open this record; ask its owner or your manager"))
        ) { name }
    }

    /// A choice as a dot and its word where it has a tone, as plain words where not.
    private func choice(_ kind: any FieldKind, _ value: Value) -> Node {
        let text = kind.show(value, in: language)
        guard let option = value.text.flatMap(kind.option), option.tone != .neutral else { return .text(text) }
        return span(.class("st", "st-\(option.tone.cssName)")) { text }.node
    }

    /// A role's name: what comes with the product is said in the reader's language until somebody renames it.
    func roleName(_ name: String) -> String {
        guard language == .english else { return name }
        return catalog.capabilities.lazy.flatMap { $0.roles }.first { $0.label == name }?.english ?? name
    }

    /// What a linked record is called; its number when it is gone.
    func name(of id: Int64, in target: String) -> String {
        guard let schema = catalog[target], let titles = view.attempt({ try view.titles(schema, ids: [id]) }) else { return "#\(id)" }
        return titles[id] ?? "#\(id)"
    }

    /// `3 天前`, with the whole moment in its title.
    func moment(_ instant: Instant) -> Element {
        time(.datetime(instant.rfc3339), .title(instant.shown)) { relative(instant) }
    }

    func relative(_ instant: Instant) -> String {
        let (day, second) = instant.local()
        let clock = "\(second / 36_000)\(second / 3600 % 10):\(second / 600 % 6)\(second / 60 % 10)"
        switch view.now.day - day {
        case 0: return t("今天 ", "Today ") + clock
        case 1: return t("昨天 ", "Yesterday ") + clock
        case -1: return t("明天 ", "Tomorrow ") + clock
        case 2..<30: return t("\(view.now.day - day) 天前", "\(view.now.day - day) days ago")
        default:
            let iso = day.iso
            return day.year == view.now.day.year ? String(iso.dropFirst(5)) : iso
        }
    }
}

extension Tone {
    /// The design system's class for it.
    var cssName: String { self == .accent ? "blue" : rawValue }
}
