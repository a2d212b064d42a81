import Records

extension View {
    /// The files beside a record, newest first.
    public func files(of row: Row) throws -> [Record<File>] {
        try reading.fetch(Query(
            catalog.schema(File.self), where: \File.entity == row.schema.name && \File.recordID == Int(row.id) && \File.removedAt == nil,
            sort: [Query.Sort("id", descending: true)], limit: 200
        )).map(Record<File>.init)
    }

    /// One file, when the actor may read the record it lies beside.
    public func file(id: Int64) throws -> Record<File> {
        guard let row = try reading.row(catalog.schema(File.self), id: id) else { throw Refusal.notFound }
        let file = Record<File>(row)
        guard file.removedAt == nil, let schema = catalog[file.entity] else { throw Refusal.notFound }
        _ = try reachable(schema, id: Int64(file.recordID), "read")
        return file
    }

    public func isFollowed(_ row: Row) throws -> Bool {
        try !reading.fetch(Query(catalog.schema(Follow.self), where: follows(row), limit: 1)).isEmpty
    }

    fileprivate func follows(_ row: Row) -> Condition {
        \Follow.user == Ref(actor.userID) && \Follow.entity == row.schema.name && \Follow.recordID == Int(row.id)
    }
}

extension GateTransaction {
    /// Puts a file, whose bytes are on disk already, beside a record.
    @discardableResult
    public func attach(_ file: (name: String, type: String, size: Int, digest: String, place: String), to schema: Schema, id: Int64) throws -> Record<File> {
        let row = try reachable(schema, id: id, "update")
        guard schema.traits.hasAttachments else { throw Refusal.conflict("\(schema.label)不能添加附件。") }
        guard try reading.count(Query(catalog.schema(File.self), where: \File.entity == schema.name && \File.recordID == Int(id)), cap: 500) < 500 else {
            throw Refusal.conflict("每条记录最多 500 个附件。")
        }
        var record = Record<File>()
        record.title = String(file.name.prefix(180))
        record.entity = schema.name
        record.recordID = Int(id)
        record.type = file.type
        record.size = file.size
        record.digest = file.digest
        record.place = file.place
        record.uploadedAt = now
        record.uploadedBy = actor.userID == 0 ? nil : Ref(actor.userID)
        record.row.id = try writing.insert(record.row)
        try self.record("attach", entity: schema.name, id: row.id, changes: Plain.object(["file": .list([.null, .text(record.title)])]).jsonText)
        return record
    }

    /// Takes a file from its record; its bytes stay until the recycle bin is emptied.
    public func detach(fileID: Int64) throws {
        var file = try file(id: fileID)
        guard let schema = catalog[file.entity] else { throw Refusal.notFound }
        _ = try reachable(schema, id: Int64(file.recordID), "update")
        file.removedAt = now
        _ = try writing.update(file.row, slots: nil, ifVersion: nil)
        try record("detach", entity: schema.name, id: Int64(file.recordID), changes: Plain.object(["file": .list([.text(file.title), .null])]).jsonText)
    }

    /// Follows the record, or stops to; true when it is followed now.
    @discardableResult
    public func toggleFollow(_ schema: Schema, id: Int64) throws -> Bool {
        let row = try reachable(schema, id: id, "read")
        let present = try reading.fetch(Query(catalog.schema(Follow.self), where: follows(row), limit: 5))
        guard present.isEmpty else {
            try writing.erase(catalog.schema(Follow.self), ids: present.map(\.id))
            return false
        }
        var follow = Record<Follow>()
        follow.user = Ref(actor.userID)
        follow.entity = schema.name
        follow.recordID = Int(id)
        try writing.insert(follow.row)
        return true
    }

    /// Keeps a list's state under a name.
    @discardableResult
    public func saveView(_ name: String, of schema: Schema, state: String, isShared: Bool, isDefault: Bool) throws -> Int64 {
        guard may("read", schema) else { throw Refusal.notFound }
        let name = name.trimmed
        guard !name.isEmpty, name.count <= 40 else { throw Problems([Problem("name", code: "required", "请填写视图名称（不超过 40 字）")]) }
        guard state.utf8.count <= 8000 else { throw Problems([Problem("state", code: "too_long", "筛选条件过多，无法保存")]) }
        var view = Record<SavedView>()
        view.title = name
        view.entity = schema.name
        view.user = Ref(actor.userID)
        view.isShared = isShared
        view.isDefault = isDefault
        view.state = state
        let same = \SavedView.user == Ref(actor.userID) && \SavedView.entity == schema.name
        guard try reading.count(Query(catalog.schema(SavedView.self), where: same), cap: 50) < 50 else { throw Refusal.conflict("每个列表最多保存 50 个视图。") }
        if isDefault { _ = try writing.set(catalog.schema(SavedView.self), ["is_default": false], where: same) }
        return try writing.insert(view.row)
    }

    public func removeView(_ id: Int64, of schema: Schema) throws {
        let view = try savedView(id, of: schema)
        guard view.user.id == actor.userID || actor.rights.isAdmin else { throw Refusal.forbidden("只有视图的所有者可以删除它。") }
        try writing.erase(catalog.schema(SavedView.self), ids: [id])
    }

    /// Marks notifications as read; all of the actor's when `ids` is nil.
    public func markRead(_ ids: [Int64]?) throws {
        var condition = \Notification.user == Ref(actor.userID) && \Notification.readAt == nil
        if let ids { condition = condition && .ids(ids) }
        _ = try writing.set(catalog.schema(Notification.self), ["read_at": now.stored], where: condition)
    }
}
