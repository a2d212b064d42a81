/// Links to several records of another entity, in a table of their own. In a ``Row`` it is a list of ids; where each link says
/// something of its own (the role of a companion, a member's share), an item is the list of the id and the ``attributes``' values in order.
public struct LinksKind: FieldKind {
    public let target: String
    public let attributes: [FieldSpec]
    /// How many at most.
    public var limit = 1000

    public init(_ target: String, attributes: [FieldSpec] = []) {
        self.target = target
        self.attributes = attributes
    }

    public var name: String { isAttachments ? "attachments" : "links" }
    public var column: ColumnType { .none }
    public var editor: Editor { isAttachments ? .attachment : .links(entity: target) }
    public var operators: [Operator] { isAttachments ? [.empty, .notEmpty] : [.in, .notIn, .empty, .notEmpty] }
    public var openAPI: [String: Plain] {
        var item = LinkKind(target).openAPI
        if !attributes.isEmpty {
            var members: [String: Plain] = ["id": .object(item)]
            for attribute in attributes { members[attribute.name] = .object(attribute.kind.openAPI) }
            item = ["type": "object", "properties": .object(members), "required": ["id"], "additionalProperties": .bool(false)]
        }
        return ["type": "array", "items": .object(item), "maxItems": .int(Int64(limit))]
    }
    public var reference: LinkForm? { .many(target, attributes: attributes) }
    public var sharing: Sharing { .usual }

    /// The id an item links to.
    public static func id(of item: Value) -> Int64? { item.int ?? item.list?.first?.int }

    /// The value of an item's attribute.
    public func attribute(_ name: String, of item: Value) -> Value {
        guard let place = attributes.firstIndex(where: { $0.name == name }), let values = item.list, values.indices.contains(place + 1)
        else { return .null }
        return values[place + 1]
    }

    /// Reads ids between commas.
    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 20_000 else { throw .tooLong(20_000) }
        var ids: [Value] = []
        for part in text.split(whereSeparator: { ",，、;；|\n\r\r\n\t".contains($0) }) where !part.trimmed.isEmpty {
            ids.append(try LinkKind(target).parse(part.trimmed))
        }
        return try distinct(ids)
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .list(let items):
            guard items.count <= limit else { throw tooMany }
            var links: [Value] = []
            for item in items { links.append(try acceptItem(item)) }
            return try distinct(links)
        default: throw .wrongType("列表", plain)
        }
    }

    private func acceptItem(_ item: Plain) throws(Fault) -> Value {
        guard case .object(let members) = item else {
            let id = try LinkKind(target).accept(item)
            guard !id.isNull else { throw .wrongType("记录编号", item) }
            return id
        }
        let id = try LinkKind(target).accept(members["id"] ?? .null)
        guard !id.isNull else { throw Fault("列表中的每一项都要有 id", code: "required") }
        for name in members.keys where name != "id" && !attributes.contains(where: { $0.name == name }) {
            throw Fault("列表项中没有“\(name.prefix(40))”这个字段", code: "unknown_field")
        }
        guard !attributes.isEmpty else { return id }
        var values = [id]
        for attribute in attributes { values.append(try attribute.kind.accept(members[attribute.name] ?? .null)) }
        return .list(values)
    }

    public func check(_ value: Value) -> Fault? {
        switch value {
        case .null: nil
        case .list(let items):
            items.allSatisfy { (Self.id(of: $0) ?? 0) > 0 } ? (items.count > limit ? tooMany : nil) : Fault("应为记录编号的列表", code: "wrong_type")
        default: Fault("应为列表", code: "wrong_type")
        }
    }

    public func show(_ value: Value, in language: Language) -> String {
        value.list?.compactMap { item in
            guard let id = Self.id(of: item) else { return nil }
            let facts = attributes.map { $0.kind.show(attribute($0.name, of: item), in: language) }.filter { !$0.isEmpty }
            return facts.isEmpty ? "#\(id)" : "#\(id)（\(facts.joined(separator: "，"))）"
        }.joined(separator: language("、", ", ")) ?? ""
    }

    public func edit(_ value: Value) -> String {
        value.list?.compactMap { Self.id(of: $0).map { String($0) } }.joined(separator: ",") ?? ""
    }

    public func plain(_ value: Value) -> Plain {
        guard let items = value.list else { return .null }
        return .list(
            items.compactMap { item in
                guard let id = Self.id(of: item) else { return nil }
                guard !attributes.isEmpty else { return .int(id) }
                var members: [String: Plain] = ["id": .int(id)]
                for spec in attributes { members[spec.name] = spec.kind.plain(attribute(spec.name, of: item)) }
                return .object(members)
            })
    }

    private var tooMany: Fault { Fault("最多 \(limit) 项", code: "too_many") }

    /// Without repetitions, in the order they came; null for none.
    private func distinct(_ items: [Value]) throws(Fault) -> Value {
        guard items.count <= limit else { throw tooMany }
        var seen: Set<Int64> = []
        let kept = items.filter { Self.id(of: $0).map { seen.insert($0).inserted } ?? false }
        return kept.isEmpty ? .null : .list(kept)
    }
}
