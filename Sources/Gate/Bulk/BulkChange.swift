import Records

/// One change for many records: which, and what.
public struct BulkChange: Sendable {
    public enum Selection: Sendable {
        case ids([Int64])
        /// What a list shows: resolved once, when the job begins.
        case filter(Condition, search: String? = nil)
    }

    public var entity: String
    public var selection: Selection
    /// `update`, `assign`, `delete`, `restore`, `add_tags`, `remove_tags`, or a declared action's name.
    public var action: String
    /// The fields to set, `{"owner_id": 7}`, `{"tags": [1, 2]}`, or the action's parameters.
    public var values: [String: Plain]

    public init(_ entity: String, _ selection: Selection, action: String, values: [String: Plain] = [:]) {
        self.entity = entity
        self.selection = selection
        self.action = action
        self.values = values
    }

    /// At most this many records in one job.
    public static let limit = 100_000

    var payload: [String: Plain] {
        var members: [String: Plain] = ["entity": .text(entity), "action": .text(action), "values": .object(values)]
        switch selection {
        case .ids(let ids): members["ids"] = .text(IDList.text(ids))
        case .filter(let condition, let search):
            members["where"] = condition.plain
            if let search { members["search"] = .text(search) }
        }
        return members
    }

    init?(payload: [String: Plain]) {
        guard let entity = payload["entity"]?.text, let action = payload["action"]?.text else { return nil }
        let selection: Selection
        if let text = payload["ids"]?.text {
            selection = .ids(IDList.ids(text))
        } else if let plain = payload["where"], let condition = Condition(plain: plain) {
            selection = .filter(condition, search: payload["search"]?.text)
        } else {
            return nil
        }
        self.init(entity, selection, action: action, values: payload["values"]?.object ?? [:])
    }

    /// What the list of jobs calls it.
    func label(_ schema: Schema) -> String {
        let names = ["update": "修改", "assign": "转移", "delete": "删除", "restore": "恢复", "add_tags": "添加标签", "remove_tags": "移除标签"]
        return "批量\(names[action] ?? schema.actions.first { $0.name == action }?.label ?? action)\(schema.label)"
    }
}

/// Many ids as a short text: the differences between neighbours, in base 36.
enum IDList {
    static func text(_ ids: [Int64]) -> String {
        var last: Int64 = 0
        return ids.map { id in
            defer { last = id }
            return String(id &- last, radix: 36)
        }.joined(separator: " ")
    }

    static func ids(_ text: String) -> [Int64] {
        var last: Int64 = 0
        return text.split(separator: " ").compactMap { part in
            guard let step = Int64(part, radix: 36) else { return nil }
            last = last &+ step
            return last
        }
    }
}
