import Records

/// With whom a saved view is shared.
public enum ViewAudience: String, Sendable, CaseIterable, Comparable {
    case me, department, all

    private var rank: Int { self == .me ? 0 : self == .department ? 1 : 2 }
    public static func < (a: ViewAudience, b: ViewAudience) -> Bool { a.rank < b.rank }

    public var label: Words {
        switch self {
        case .me: Words("仅自己", "Only me")
        case .department: Words("我的部门", "My department")
        case .all: Words("所有人", "Everyone")
        }
    }
}

extension Record where E == SavedView {
    public var audience: ViewAudience { !self.isShared ? .me : self.department == nil ? .all : .department }
}

extension View {
    /// A saved view of this entity that the actor may use: the own ones and those shared with them.
    public func savedView(_ id: Int64, of schema: Schema) throws -> Record<SavedView> {
        guard let row = try reading.row(catalog.schema(SavedView.self), id: id) else { throw Refusal.notFound }
        let saved = Record<SavedView>(row)
        guard saved.entity == schema.name, sees(saved) else { throw Refusal.notFound }
        return saved
    }

    /// The views a list offers: the actor's own first, then the shared.
    public func savedViews(of schema: Schema) throws -> [Record<SavedView>] {
        let rows = try reading.fetch(
            Query(
                catalog.schema(SavedView.self),
                where: \SavedView.entity == schema.name && (\SavedView.user == Ref(actor.userID) || \SavedView.isShared == true),
                sort: [Query.Sort("position"), Query.Sort("id")], limit: 100
            )
        ).map(Record<SavedView>.init).filter(sees)
        return rows.filter { $0.user.id == actor.userID } + rows.filter { $0.user.id != actor.userID }
    }

    private func sees(_ saved: Record<SavedView>) -> Bool {
        if saved.user.id == actor.userID { return true }
        return saved.isShared && (saved.department == nil || saved.department?.id == actor.departmentID)
    }

    /// With how many one may share a view: who sees everybody's records with everybody, who sees more than the own with the department.
    public func widestAudience(of schema: Schema) -> ViewAudience {
        switch actor.rights.scope(schema.name, "read") {
        case .all: .all
        case .none, .own: .me
        case .ownAndSubordinates, .department, .departmentTree: actor.departmentID == nil ? .me : .department
        }
    }
}

extension GateTransaction {
    /// Keeps a list's state under a name.
    @discardableResult
    public func saveView(
        _ name: String, of schema: Schema, state: String, audience: ViewAudience = .me, isDefault: Bool = false, isPinned: Bool = true
    ) throws -> Int64 {
        guard may("read", schema) else { throw Refusal.notFound }
        let mine = \SavedView.user == Ref(actor.userID) && \SavedView.entity == schema.name
        guard try reading.count(Query(catalog.schema(SavedView.self), where: mine), cap: 50) < 50 else {
            throw Refusal.conflict("每个列表最多保存 50 个视图。")
        }
        var view = Record<SavedView>()
        view.title = try checkedName(name)
        view.entity = schema.name
        view.user = Ref(actor.userID)
        view.isPinned = isPinned
        view.isDefault = isDefault
        view.state = try checkedState(state)
        view.position = 1000
        try share(&view, with: audience, schema)
        if isDefault { _ = try writing.set(catalog.schema(SavedView.self), ["is_default": false], where: mine) }
        return try writing.insert(view.row)
    }

    /// Another name, audience or place; nil leaves what is there.
    public func changeView(
        _ id: Int64, of schema: Schema, name: String? = nil, state: String? = nil, audience: ViewAudience? = nil, isDefault: Bool? = nil,
        isPinned: Bool? = nil
    ) throws {
        var view = try ownView(id, of: schema)
        if let name { view.title = try checkedName(name) }
        if let state { view.state = try checkedState(state) }
        if let audience, audience != view.audience { try share(&view, with: audience, schema) }
        if let isPinned { view.isPinned = isPinned }
        if let isDefault {
            view.isDefault = isDefault
            if isDefault {
                _ = try writing.set(
                    catalog.schema(SavedView.self), ["is_default": false],
                    where: \SavedView.user == view.user && \SavedView.entity == schema.name)
            }
        }
        _ = try writing.update(view.row, slots: nil, ifVersion: nil)
    }

    /// The actor's own copy of a view, for nobody else.
    @discardableResult
    public func duplicateView(_ id: Int64, of schema: Schema) throws -> Int64 {
        let view = try savedView(id, of: schema)
        return try saveView(String("\(view.title.prefix(37)) 副本"), of: schema, state: view.state)
    }

    public func removeView(_ id: Int64, of schema: Schema) throws {
        _ = try ownView(id, of: schema)
        try writing.erase(catalog.schema(SavedView.self), ids: [id])
    }

    /// Puts the actor's own views into this order; others in the list are left alone.
    public func orderViews(_ ids: [Int64], of schema: Schema) throws {
        for (place, id) in ids.prefix(100).enumerated() {
            _ = try writing.set(
                catalog.schema(SavedView.self), ["position": .int(Int64(place))],
                where: .ids([id]) && \SavedView.user == Ref(actor.userID) && \SavedView.entity == schema.name)
        }
    }

    private func ownView(_ id: Int64, of schema: Schema) throws -> Record<SavedView> {
        let view = try savedView(id, of: schema)
        guard view.user.id == actor.userID || actor.rights.isAdmin else { throw Refusal.forbidden("只有视图的所有者可以修改或删除它；可以先复制一份。") }
        return view
    }

    private func checkedName(_ text: String) throws -> String {
        let name = text.trimmed
        guard !name.isEmpty, name.count <= 40 else { throw Problems([Problem("name", code: "required", "请填写视图名称（不超过 40 字）")]) }
        return name
    }

    private func checkedState(_ state: String) throws -> String {
        guard state.utf8.count <= 8000 else { throw Problems([Problem("state", code: "too_long", "筛选条件过多，无法保存")]) }
        return state
    }

    private func share(_ view: inout Record<SavedView>, with audience: ViewAudience, _ schema: Schema) throws {
        guard audience <= widestAudience(of: schema) else {
            throw Problems([
                Problem(
                    "audience", code: "not_allowed", "您只能与\(widestAudience(of: schema).label.chinese)共享：能看到哪些\(schema.label)，才能把视图共享到哪里")
            ])
        }
        view.isShared = audience != .me
        view.department = audience == .department ? actor.departmentID.map { Ref($0) } : nil
    }
}
