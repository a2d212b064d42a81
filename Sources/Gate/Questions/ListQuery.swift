import Records

/// A list's state as its address says it:
/// `?q=…&mine=followed&in=contact_groups/12&filter[level]=A&filter[amount_cents][gte]=100000&sort=-created_at&limit=50&cursor=…`. Pages,
/// REST, exports and saved views read the same words.
public struct ListQuery {
    public let items: QueryItems
    public let schema: Schema
    /// Packs that are off, of whose fields the saved view speaks: what it says of them is passed over until they are on.
    public let resting: [Pack]

    /// One comparison as it was asked for, for the chips of a page.
    public struct Filter {
        public var path: String
        public var op: Operator
        public var text: String
        public var condition: Condition
        public var place = Place.plain
        /// Its number among the address's conditions.
        public var index = 0
    }

    public init(_ items: QueryItems, _ schema: Schema, _ view: View) throws {
        self.schema = schema
        guard let id = try items.id("view") else {
            // Which record stands beside the list is nothing its links go on with.
            self.items = items.setting("open", nil)
            resting = []
            return
        }
        let saved = try view.savedView(id, of: schema)
        let (kept, resting) = ListQuery.awake(try QueryItems(parsing: saved.state), schema, view.catalog)
        var merged = kept
        self.resting = resting
        for pair in items.pairs where pair.name != "view" {
            if !pair.name.hasPrefix("filter[") { merged = merged.setting(pair.name, pair.value) } else { merged.pairs.append(pair) }
        }
        // Whatever is changed from here on still knows where it began.
        self.items = merged.setting("from", String(id))
    }

    /// A saved state without what speaks of fields whose pack is off.
    private static func awake(_ state: QueryItems, _ schema: Schema, _ catalog: Catalog) -> (QueryItems, [Pack]) {
        var resting: [Pack] = []
        /// Whether a path `field` or `link.field` leads somewhere now, as far as the program knows it at all.
        func isAwake(_ path: some StringProtocol) -> Bool {
            var here = schema
            for name in path.split(separator: ".") {
                if let pack = catalog.resting(here.name, field: String(name)) {
                    if !resting.contains(where: { $0.name == pack.name }) { resting.append(pack) }
                    return false
                }
                guard let target = here[String(name)]?.target, let next = catalog[target] else { break }
                here = next
            }
            return true
        }
        var kept = state
        kept.pairs = state.pairs.compactMap { pair in
            if pair.name.hasPrefix("filter[") {
                guard let path = (try? read(pair.name))?.words.first else { return pair }
                return isAwake(path) ? pair : nil
            }
            guard ["sort", "columns", "group", "by", "and", "measure"].contains(pair.name) else { return pair }
            let parts = pair.value.split(separator: ",").filter { part in
                let words = part.drop { $0 == "-" }.split(separator: ":")
                return (pair.name == "measure" ? words.dropFirst().first : words.first).map(isAwake) ?? true
            }
            return parts.isEmpty && !pair.value.isEmpty ? nil : (name: pair.name, value: parts.joined(separator: ","))
        }
        return (kept, resting)
    }

    /// The request for the gate.
    public func request(_ view: View, defaultLimit: Int = 50) throws -> ListRequest {
        var request = ListRequest(schema)
        request.filter = ListQuery.condition(try filters(view))
        if let place = items["in"] { request.filter = request.filter && (try gathered(place, view)) }
        request.search = items["q"]
        if let text = items["ids"] {
            let ids = text.split(separator: ",").compactMap { Int64($0) }
            guard !ids.isEmpty, ids.count <= 1000 else { throw Refusal.unreadable("ids 应为以逗号分隔的 1 到 1000 个编号") }
            request.filter = request.filter && .ids(ids)
        }
        if let word = items["mine"] {
            guard let which = Mine(rawValue: word) else {
                throw Refusal.unreadable("mine 应为 \(Mine.allCases.map(\.rawValue).joined(separator: "、")) 之一")
            }
            let (condition, order) = try view.mine(which, of: schema)
            request.filter = request.filter && condition
            if items["sort"] == nil { request.order = order }
        }
        if let sort = items["sort"] {
            request.sort = sort.split(separator: ",").map { Query.Sort($0) }
            guard request.sort.count <= 4 else { throw Refusal.unreadable("最多按 4 个字段排序") }
            if let follower = follower(of: request.sort, view) { request.sort.append(follower) }
        }
        if let name = items["group"], let field = schema[name], request.sort.first?.field != name {
            // The groups stand one after another; months with the newest first.
            request.sort =
                [Query.Sort(name, descending: field.isTime)]
                + request.sort.filter { $0.field != name }.prefix(3)
        }
        request.limit = try items.limit(default: defaultLimit, max: 500)
        if let text = items["cursor"], !text.isEmpty {
            guard let cursor = Query.Cursor(text: text), cursor.values.count == request.sort.count else {
                throw Refusal.unreadable("cursor 无效，请从第一页重新读取")
            }
            request.cursor = cursor
        }
        return request
    }

    /// `in=contact_groups/12`: what that record gathers, by its saved question or by naming it.
    private func gathered(_ place: String, _ view: View) throws -> Condition {
        guard let row = try ListQuery.gatherer(place, view), let condition = view.gathered(by: row, of: schema) else {
            throw Refusal.unreadable("in 应为收集\(schema.label)的记录，例如 contact_groups/12")
        }
        return condition
    }

    /// The record that `in` names; nil when it names none.
    public static func gatherer(_ place: String, _ view: View) throws -> Row? {
        let words = place.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 2, let id = Int64(words[1]) else { return nil }
        return try view.record(try view.schema(named: String(words[0])), id: id)
    }

    /// Records with the same value stand as the field's index has them: otherwise all of them would be read and sorted for the first page.
    private func follower(of sort: [Query.Sort], _ view: View) -> Query.Sort? {
        guard sort.count == 1, let field = schema[sort[0].field], let follower = schema.follower(of: field),
            view.right(schema, follower) >= .read
        else { return nil }
        return Query.Sort(follower.name, descending: sort[0].isDescending)
    }

    /// Every `filter[path][op]=value`, with the group it stands in.
    public func filters(_ view: View) throws -> [Filter] {
        let found = items.pairs.filter { $0.name.hasPrefix("filter[") }
        guard found.count <= 40 else { throw Refusal.unreadable("筛选条件不能超过 40 个") }
        return try found.enumerated().map { index, pair in
            let (place, words) = try ListQuery.read(pair.name)
            guard (1...2).contains(words.count) else { throw Refusal.unreadable("无法读取筛选条件 \(pair.name)") }
            var filter = try filter(words, pair.value, view)
            filter.place = place
            filter.index = index
            return filter
        }
    }

    private func filter(_ words: [String], _ text: String, _ view: View) throws -> Filter {
        let path = words[0]
        var op = Operator.eq
        if words.count == 2 {
            guard let known = Operator(rawValue: words[1]) else { throw Refusal.unreadable("不支持的比较方式 \(words[1])") }
            op = known
        }
        let (place, field) = try resolve(path, view)
        guard field.comparisons.contains(op) else {
            let allowed = field.comparisons.map(\.rawValue).joined(separator: "、")
            throw Refusal.unreadable("「\(field.label)」（\(path)）不能用 \(op.rawValue) 筛选" + (allowed.isEmpty ? "" : "，可用 \(allowed)"))
        }
        if op == .empty || op == .notEmpty {
            let isNo = text == "false" || text == "0"
            return Filter(path: path, op: op, text: text, condition: .compare(place, isNo == (op == .empty) ? .notEmpty : .empty, []))
        }
        if op == .eq, text.contains(","), field.kind.operators.contains(.in), field.target != nil || field.kind.choices != nil { op = .in }
        let values: [Value]
        switch op {
        case .in, .notIn:
            let parts = text.split(separator: ",").map(String.init)
            guard parts.count <= 500 else { throw Refusal.unreadable("「\(field.label)」的取值过多") }
            values = try parts.flatMap { try operands($0, field, view) }
            if values.isEmpty { return Filter(path: path, op: op, text: text, condition: op == .in ? .nothing : .everything) }
        case .between:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw Refusal.unreadable("「\(field.label)」的区间应为两个值，以逗号分隔") }
            values = try parts.flatMap { try operands($0, field, view) }
            guard values.count == 2 else { throw Refusal.unreadable("「\(field.label)」的区间应为两个值，以逗号分隔") }
        case .contains, .starts:
            values = field.isColumn && field.kind.column == .text ? [.text(text)] : try operands(text, field, view)
        default:
            values = try operands(text, field, view)
            // A name that several linked records carry means any of them.
            if values.count > 1 { op = op == .ne ? .notIn : .in }
            if values.isEmpty { return Filter(path: path, op: op, text: text, condition: op == .ne ? .everything : .nothing) }
        }
        if field.isLinks { op = [.eq: .in, .ne: .notIn][op] ?? op }
        return Filter(path: path, op: op, text: text, condition: .compare(place, op, values))
    }

    /// `level` may stand for `level_id`; `customer.city` goes through the link.
    func resolve(_ path: String, _ view: View) throws -> (Condition.Path, FieldSpec) {
        let words = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        func field(_ name: String, in schema: Schema) throws -> FieldSpec {
            guard let field = schema[name] ?? schema[name + "_id"] else { throw Refusal.unreadable("\(schema.label)没有字段 \(name)") }
            return field
        }
        switch words.count {
        case 1:
            let found = try field(words[0], in: schema)
            return (.init(found.name), found)
        case 2:
            let link = try field(words[0], in: schema)
            guard let name = link.target, let target = view.catalog[name] else { throw Refusal.unreadable("字段 \(words[0]) 不指向其他对象") }
            let found = try field(words[1], in: target)
            return (.init(link: link.name, found.name), found)
        default:
            throw Refusal.unreadable("筛选最多穿过一层关联：\(path)")
        }
    }

    /// What a filter's text means for a field: `me`, `my_department` (of people: who works there or below), `today-30`, an id or a linked record's name, a code or a label.
    func operands(_ text: String, _ field: FieldSpec, _ view: View) throws -> [Value] {
        let text = text.trimmed
        if field.target == "users", text == "me" { return [.int(view.actor.userID)] }
        if field.target == "users", text == "my_subordinates" { return view.actor.subordinates.map(Value.int) }
        if field.target == "users", text == "my_department" { return try view.colleagues().map(Value.int) }
        if field.target == "departments", text == "my_department" { return view.actor.departmentID.map { [.int($0)] } ?? [] }
        if let time = field.kind.time, let day = Day.relative(text, to: view.now.day) { return [time.start(of: day)] }
        if let name = field.target, let target = view.catalog[name] {
            if let id = Int64(text) {
                guard (0...LinkKind.ids.upperBound).contains(id) else {
                    throw Refusal.unreadable("「\(field.label)」的筛选值无效：编号应在 0 到 \(LinkKind.ids.upperBound) 之间")
                }
                return [.int(id)]
            }
            return try view.identify(target, text).map(Value.int)
        }
        let readings: [Plain] = Int64(text).map { [.int($0), .text(text)] } ?? [.text(text)]
        var last: Fault?
        for plain in readings {
            do throws(Fault) {
                let value = try field.kind.accept(plain)
                return value.list ?? [value]
            } catch {
                last = error
            }
        }
        if let value = try? field.kind.parse(text) { return value.list ?? [value] }
        // People filter by words that a whole value would not be: part of a number, an unknown label.
        if field.kind.column == .text, last?.isWarning ?? false || field.kind.choices == nil { return [.text(text)] }
        throw Refusal.unreadable("「\(field.label)」的筛选值无效：\(last?.message ?? text)")
    }
}

extension FieldSpec {
    /// What a filter may ask of the field: what its kind offers people, and the short forms of it that programs use.
    public var comparisons: [Operator] {
        var offered = kind.operators
        func add(_ more: Operator..., beside known: Operator) {
            if offered.contains(known) { offered += more.filter { !offered.contains($0) } }
        }
        add(.eq, beside: .in)
        add(.ne, beside: .notIn)
        if isColumn, kind.column == .text { add(.starts, .eq, .ne, beside: .contains) }
        return offered
    }
}

extension Query.Cursor {
    /// A cursor as a URL carries it.
    public var text: String { Base64URL.encode(Array(plain.jsonText.utf8)) }

    public init?(text: String) {
        guard text.utf8.count < 4000, let bytes = Base64URL.decode(text),
            let plain = Plain(jsonText: String(decoding: bytes, as: UTF8.self))
        else { return nil }
        self.init(plain: plain)
    }
}
