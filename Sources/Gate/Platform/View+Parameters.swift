import Records

extension View {
    /// A parameter's value on `day`: the newest that was valid by then, or its default.
    public func value(of parameter: Parameter, on day: Day? = nil) throws -> Value {
        let day = day ?? now.day
        let rows = try reading.fetch(
            Query(
                catalog.schema(ParameterValue.self), where: .field("name", .eq, .text(parameter.name)) && \ParameterValue.validFrom <= day,
                sort: [Query.Sort("valid_from", descending: true)], limit: 1
            ))
        guard let text = rows.first.map(Record<ParameterValue>.init)?.value else { return parameter.initial }
        return (try? parameter.kind.parse(text)) ?? parameter.initial
    }

    /// Everything a parameter was and will be, newest first.
    public func history(of parameter: Parameter) throws -> [Record<ParameterValue>] {
        try reading.fetch(
            Query(
                catalog.schema(ParameterValue.self), where: .field("name", .eq, .text(parameter.name)),
                sort: [Query.Sort("valid_from", descending: true)], limit: 200
            )
        ).map(Record<ParameterValue>.init)
    }
}

extension GateTransaction {
    /// Sets a parameter from `day` on, with a reason (D3): old dates keep their old value.
    public func set(_ parameter: Parameter, to text: String, from day: Day? = nil, reason: String) throws {
        guard actor.rights.isAdmin || actor.rights.system.contains("parameters") else { throw Refusal.forbidden("您没有修改参数的权限，请联系系统管理员。") }
        var problems: [Problem] = []
        if reason.trimmed.isEmpty { problems.append(Problem("reason", code: "required", "请填写修改原因")) }
        let from = day ?? today
        if from < today { problems.append(Problem("valid_from", code: "invalid", "生效日不能早于今天，以免改变已发生的业务")) }
        var value = Value.null
        do throws(Fault) {
            value = try parameter.kind.parse(text.trimmed)
            if let fault = parameter.kind.check(value) { throw fault }
            if let range = parameter.range, let number = value.int, !range.contains(number) {
                throw Fault("应在 \(range.lowerBound) 到 \(range.upperBound) 之间", code: "out_of_range")
            }
        } catch {
            problems.append(Problem("value", code: error.code, "\(parameter.label)：\(error.message)"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        let old = try self.value(of: parameter, on: from)
        var row = Record<ParameterValue>()
        row.title = parameter.name
        row.value = parameter.kind.edit(value)
        row.validFrom = from
        row.reason = reason
        row.setBy = actor.userID == 0 ? nil : Ref(actor.userID)
        row.setAt = now
        // Two changes for one day: the later stands.
        try writing.erase(
            row.row.schema,
            ids: reading.fetch(
                Query(row.row.schema, where: .field("name", .eq, .text(parameter.name)) && \ParameterValue.validFrom == from, limit: 10)
            ).map(\.id))
        try writing.insert(row.row)
        let changes = Plain.object([parameter.name: .list([old.asPlain, value.asPlain])]).jsonText
        try record("parameter", entity: "parameters", id: nil, changes: changes, reason: reason)
    }
}
