import Records

extension View {
    /// The files beside a record, newest first.
    public func files(of row: Row) throws -> [Record<File>] {
        guard !isOnlyPooled(row) else { return [] }
        return try reading.fetch(
            Query(
                catalog.schema(File.self),
                where: \File.entity == row.schema.name && \File.recordID == Int(row.id) && \File.removedAt == nil,
                sort: [Query.Sort("id", descending: true)], limit: 200
            )
        ).map(Record<File>.init)
    }

    /// One file, when the actor may read the record it lies beside.
    public func file(id: Int64) throws -> Record<File> {
        guard let row = try reading.row(catalog.schema(File.self), id: id) else { throw Refusal.notFound }
        let file = Record<File>(row)
        guard file.removedAt == nil, let schema = catalog[file.entity] else { throw Refusal.notFound }
        guard !isOnlyPooled(try reachable(schema, id: Int64(file.recordID), "read")) else { throw Refusal.notFound }
        return file
    }
}

extension GateTransaction {
    /// Puts a file, whose bytes are on disk already, beside a record.
    @discardableResult
    public func attach(
        _ file: (name: String, type: String, size: Int, digest: String, place: String), to schema: Schema, id: Int64
    ) throws -> Record<File> {
        let row = try reachable(schema, id: id, "update")
        guard schema.traits.hasAttachments else { throw Refusal.conflict("\(schema.label)不能添加附件。") }
        guard
            try reading.count(Query(catalog.schema(File.self), where: \File.entity == schema.name && \File.recordID == Int(id)), cap: 500)
                < 500
        else {
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
        try self.record(
            "attach", entity: schema.name, id: row.id, changes: Plain.object(["file": .list([.null, .text(record.title)])]).jsonText)
        return record
    }

    /// Takes a file from its record; its bytes stay until the recycle bin is emptied.
    public func detach(fileID: Int64) throws {
        var file = try file(id: fileID)
        guard let schema = catalog[file.entity] else { throw Refusal.notFound }
        _ = try reachable(schema, id: Int64(file.recordID), "update")
        file.removedAt = now
        _ = try writing.update(file.row, slots: nil, ifVersion: nil)
        try record(
            "detach", entity: schema.name, id: Int64(file.recordID),
            changes: Plain.object(["file": .list([.text(file.title), .null])]).jsonText)
    }
}
