import Records

/// What rights are called, and what becomes of them.
extension Rights {
    private static let onRecords: [String: Words] = [
        "read": Words("查看", "Read"), "create": Words("新建", "Create"), "update": Words("修改", "Change"), "delete": Words("删除", "Delete"),
        "assign": Words("转移", "Assign"), "export": Words("导出", "Export"), "import": Words("导入", "Import"),
        "merge": Words("合并", "Merge"), "reveal": Words("看敏感信息", "Reveal"),
    ]
    private static let onSystem: [String: Words] = [
        admin: Words("系统管理员（全部权限）", "Administrator (everything)"), "users": Words("管理用户", "Manage users"),
        "roles": Words("管理角色", "Manage roles"), "fields": Words("字段与对象", "Fields and entities"),
        "parameters": Words("业务参数", "Parameters"), "packs": Words("启用和停用功能包", "Switch packs on and off"),
        "audit": Words("查看操作日志", "Audit log"), "recycle": Words("清空回收站", "Recycle bin"), "backup": Words("备份与恢复", "Backups"),
        "announcements": Words("发布公告", "Announcements"), "webhooks": Words("Webhook", "Webhooks"),
        "automation": Words("编写自动化规则", "Write automation rules"),
    ]

    /// A right on an entity's records: one of its own is called like the action that asks for it.
    public static func label(_ right: String, on schema: Schema?, in language: Language) -> String {
        onRecords[right]?(language) ?? schema?.actions.first { $0.permission == right }?.label(in: language) ?? right
    }

    /// The same in plain words where no one entity is meant, or its own actions do not ask for the right: any action that does names it.
    private static func label(_ right: String, on schema: Schema?, of catalog: Catalog) -> String {
        let word = label(right, on: schema, in: .chinese)
        guard word == right else { return word }
        return catalog.schemas.lazy.map { label(right, on: $0, in: .chinese) }.first { $0 != right } ?? right
    }

    /// A right over the system.
    public static func label(overSystem word: String, in language: Language) -> String { onSystem[word]?(language) ?? word }

    /// So many lines are read.
    private static let mostLines = 200

    /// What these rights allow otherwise than `old`, line by line, for somebody who has to agree: the entity, field or system, and how far
    /// it reached and would reach.
    func changes(from old: Rights, in catalog: Catalog) -> [ApprovalParts.Line] {
        let all = systemChanges(from: old) + scopeChanges(from: old, in: catalog) + fieldChanges(from: old, in: catalog)
        guard all.count > Self.mostLines else { return all }
        return all.prefix(Self.mostLines) + [.init(field: "", label: "其余", text: "另有 \(all.count - Self.mostLines) 项不同")]
    }

    private func systemChanges(from old: Rights) -> [ApprovalParts.Line] {
        func words(_ rights: Rights) -> [String] { (rights.isAdmin ? [Rights.admin] : []) + rights.system.sorted() }
        let before = words(old), after = words(self)
        return [("增加系统权限", after.filter { !before.contains($0) }), ("减少系统权限", before.filter { !after.contains($0) })]
            .filter { !$0.1.isEmpty }.map { label, words in
                .init(field: "system", label: label, text: words.map { Rights.label(overSystem: $0, in: .chinese) }.joined(separator: "、"))
            }
    }

    private func scopeChanges(from old: Rights, in catalog: Catalog) -> [ApprovalParts.Line] {
        let usual = Set(fallback.keys).union(old.fallback.keys)
        func line(_ schema: Schema?, _ label: String, _ rights: Set<String>, _ scope: (Rights, String) -> Scope) -> ApprovalParts.Line? {
            var more: [String] = [], less: [String] = [], other: [String] = []
            for right in Rights.ordered(rights) {
                let (before, after) = (scope(old, right), scope(self, right))
                guard before != after else { continue }
                let word = Rights.label(right, on: schema, of: catalog),
                    (from, to) = (before.label(in: .chinese), after.label(in: .chinese))
                switch (before, after) {
                case (.none, _): more.append("\(word)（\(to)）")
                case (_, .none): less.append("\(word)（\(from)）")
                default: other.append("\(word)（\(from)→\(to)）")
                }
            }
            let text = [("增加", more), ("改为", other), ("收回", less)].filter { !$0.1.isEmpty }
                .map { "\($0.0) \($0.1.joined(separator: "、"))" }.joined(separator: "，")
            return text.isEmpty ? nil : .init(field: "permissions", label: label, text: text)
        }
        let unnamed = line(nil, "未单独设置的对象", usual) { $0.fallback[$1] ?? .none }
        let named = Set(scopes.keys).union(old.scopes.keys).sorted().compactMap { entity in
            let rights = usual.union(scopes[entity, default: [:]].keys).union(old.scopes[entity, default: [:]].keys)
            return line(catalog[entity], catalog[entity]?.label ?? entity, rights) { $0.scopes[entity]?[$1] ?? $0.fallback[$1] ?? .none }
        }
        return [unnamed].compactMap(\.self) + named
    }

    private func fieldChanges(from old: Rights, in catalog: Catalog) -> [ApprovalParts.Line] {
        Set(fields.keys).union(old.fields.keys).sorted().compactMap { entity in
            let names = Set(fields[entity, default: [:]].keys).union(old.fields[entity, default: [:]].keys).sorted()
            let changes = names.compactMap { name -> String? in
                let (before, after) = (old.fields[entity]?[name], fields[entity]?[name])
                guard before != after else { return nil }
                func word(_ right: FieldRight?) -> String { right?.label(in: .chinese) ?? "默认" }
                return "\(catalog[entity]?[name]?.label ?? name) \(word(before))→\(word(after))"
            }
            guard !changes.isEmpty else { return nil }
            return .init(field: "fields", label: "\(catalog[entity]?.label ?? entity)字段", text: changes.joined(separator: "、"))
        }
    }

    /// The common ones first.
    private static func ordered(_ rights: Set<String>) -> [String] {
        common.filter(rights.contains) + rights.subtracting(common).sorted()
    }
}
