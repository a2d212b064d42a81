import Records

extension GateTransaction {
    /// Shows one masked value whole, to somebody with the right, with a reason, and writes down who saw it (A4).
    public func reveal(_ schema: Schema, id: Int64, field name: String, reason: String) throws -> String {
        guard let field = schema[name], lens(schema).right(field) != .hidden else { throw Refusal.notFound }
        let row = try reachable(schema, id: id, "read")
        guard
            lens(schema).reads(field) && !(isOnlyPooled(row) && masksInPool([name], schema))
                || actor.rights.scope(schema.name, "reveal") != .none && may("reveal", row)
        else {
            throw Refusal.forbidden("您没有查看完整「\(field.label)」的权限，请联系系统管理员。")
        }
        guard !Secrets.isSealed(row[field].text) || !field.traits.isSealed else {
            throw Refusal.conflict("「\(field.label)」无法解密：它是用另一把密钥写入的，或已损坏。请运行 zhike verify。")
        }
        guard reason.trimmed.count >= 2 else { throw Problems([Problem("reason", code: "required", "请填写查看原因（至少两个字）")]) }
        try record(
            "reveal", entity: schema.name, id: id, changes: Plain.object([name: .list([.null, .null])]).jsonText, reason: reason.trimmed)
        return field.kind.show(row[field], in: actor.language)
    }
}
