import Records

/// A condition as JSON, for what must be asked again later: jobs, saved questions.
///
/// `{"field":"level","op":"eq","values":["A"]}`, `{"all":[…]}`, `{"any":[…]}`, `{"not":…}`, `{"ids":[…]}`, `{"search":"…"}`,
/// `{"exists":"orders","by":"customer_id","where":…}`, `{"listed":"follows","by":"record_id","where":…}`. Values are in stored form.
extension Condition {
    public var plain: Plain {
        switch self {
        case .all(let parts): ["all": .list(parts.map(\.plain))]
        case .any(let parts): ["any": .list(parts.map(\.plain))]
        case .not(let part): ["not": part.plain]
        case .compare(let path, let op, let values):
            .object(
                ["field": .text(path.field), "op": .text(op.rawValue), "values": .list(values.map(\.asPlain))]
                    .merging(path.link.map { ["link": .text($0)] } ?? [:]) { $1 })
        case .ids(let ids): ["ids": .list(ids.map(Plain.int))]
        case .search(let text): ["search": .text(text)]
        case .exists(let entity, let field, let inner): ["exists": .text(entity), "by": .text(field), "where": inner.plain]
        case .listed(let entity, let field, let inner): ["listed": .text(entity), "by": .text(field), "where": inner.plain]
        }
    }

    /// From the text of ``plain``.
    public init?(jsonText text: String) {
        guard let plain = Plain(jsonText: text) else { return nil }
        self.init(plain: plain)
    }

    /// Nil when it is not a condition, or nested too deeply.
    public init?(plain: Plain) { self.init(plain: plain, depth: 0) }

    private init?(plain: Plain, depth: Int) {
        guard depth < 16, let members = plain.object else { return nil }
        func parts(_ list: [Plain]) -> [Condition]? {
            let read = list.compactMap { Condition(plain: $0, depth: depth + 1) }
            return read.count == list.count ? read : nil
        }
        if let list = members["all"]?.list, let parts = parts(list) {
            self = .all(parts)
        } else if let list = members["any"]?.list, let parts = parts(list) {
            self = .any(parts)
        } else if let inner = members["not"], let part = Condition(plain: inner, depth: depth + 1) {
            self = .not(part)
        } else if let list = members["ids"]?.list {
            self = .ids(list.compactMap(\.int))
        } else if let text = members["search"]?.text {
            self = .search(text)
        } else if let field = members["field"]?.text, let op = members["op"]?.text.flatMap(Operator.init(rawValue:)),
            let values = members["values"]?.list
        {
            self = .compare(Path(link: members["link"]?.text, field), op, values.map(Value.init(asPlain:)))
        } else if let field = members["by"]?.text, let inner = members["where"].flatMap({ Condition(plain: $0, depth: depth + 1) }) {
            if let entity = members["exists"]?.text {
                self = .exists(entity: entity, field: field, inner)
            } else if let entity = members["listed"]?.text {
                self = .listed(entity: entity, field: field, inner)
            } else {
                return nil
            }
        } else {
            return nil
        }
    }
}
