import Records

/// A form that is open to the public, as a page shows it.
public struct OpenForm: Sendable {
    public var intake: Intake
    public var row: Row
    /// What it asks, in order.
    public var fields: [FieldSpec]

    public func isRequired(_ field: FieldSpec) -> Bool { intake.required.contains(field.name) }
}

/// One hand-in, to count how many come from where. What was handed in lies in its record.
public struct IntakeEntry: Entity {
    public static let name = "intake_entries", label = "公开表单提交"
    public static var traits: EntityTraits {
        EntityTraits(.log).with {
            $0.isPublic = false; $0.indexes = [["form", "at"], ["origin", "at"], ["at"]]
        }
    }
    public let form = Field<String>("form", "表单", .title)
    /// A keyed hash of the address.
    public let origin = Field<String>("origin", "来自")
    public let at = Field<Instant>("at", "时间")
    public init() {}
}

/// What a company may set about the forms that anybody may fill in.
public enum IntakeParameters {
    public static let perAddress = Parameter(
        "intake.per_address", "公开表单同一网络地址每小时最多", 10, range: 1...10_000, unit: Words("次", "times"),
        help: Words("展厅、门店里许多人共用一个网络时调大；每个表单另有自己的每小时上限", "More where many share a network; each form has a limit of its own besides"),
        section: Words("公开表单", "Public forms"), english: "Public forms: at most an hour from one address")

    public static let all = [perAddress]
}

extension Gate {
    /// The form with this code; not found when there is none or it is closed.
    public func form(_ code: String) async throws -> OpenForm { try await read(as: .system(via: "intake")) { try $0.form(code) } }

    /// Takes what somebody without an account handed in: within the form's limits, with consent, read and checked like fields.
    public func handIn(_ code: String, _ input: [String: Plain], from address: String?) async throws {
        let origin = secrets.digest(address ?? "", purpose: "intake")
        try await write(as: .system(via: "intake")) { tx in
            let form = try tx.form(code)
            // A warning of a likely double would tell a stranger whom we know.
            tx.ignoresWarnings = true
            try tx.countIn(form.row["code"].text ?? "", origin, most: Int(truncatingIfNeeded: form.row["per_hour"].int ?? 60))
            try form.intake.accept(form.row, try tx.read(input, of: form), tx)
        }
    }
}

extension View {
    fileprivate func form(_ code: String) throws -> OpenForm {
        for intake in catalog.capabilities.flatMap({ $0.intakes }) {
            guard let forms = catalog[intake.forms], let target = catalog[intake.target] else { continue }
            let open = Condition.field("code", .eq, .text(code)) && .field("is_enabled", .eq, true)
            if let row = try reading.fetch(Query(forms, where: open, limit: 1)).first {
                return OpenForm(intake: intake, row: row, fields: intake.fields.compactMap { target[$0] })
            }
        }
        throw Refusal.notFound
    }
}

extension GateTransaction {
    func countIn(_ code: String, _ origin: String, most: Int) throws {
        let entries = catalog.schema(IntakeEntry.self), since = now.adding(seconds: -3600)
        let ofForm = try count(Query(entries, where: \IntakeEntry.form == code && \IntakeEntry.at > since), cap: most)
        let perAddress = try int(IntakeParameters.perAddress)
        let ofOrigin = try count(Query(entries, where: \IntakeEntry.origin == origin && \IntakeEntry.at > since), cap: perAddress)
        guard ofForm < most, ofOrigin < perAddress else { throw Refusal.tooMany("提交过于频繁，请一小时后再试，或直接致电我们。", retryAfter: 3600) }
        var entry = Record<IntakeEntry>()
        (entry.form, entry.origin, entry.at) = (code, origin, now)
        try writing.insert(entry.row)
        // Only the last hour counts.
        let old = try fetch(Query(entries, where: \IntakeEntry.at < now.adding(days: -1), sort: [Query.Sort("at")], limit: 200))
        if !old.isEmpty { try writing.erase(entries, ids: old.map(\.id)) }
    }

    /// Every fault at once; what the form does not ask is not taken.
    fileprivate func read(_ input: [String: Plain], of form: OpenForm) throws -> [String: Value] {
        var values: [String: Value] = [:], problems: [Problem] = []
        for name in input.keys.sorted() where name != "consent" && !form.fields.contains(where: { $0.name == name }) {
            problems.append(Problem(name, code: "unknown_field", "表单没有字段 \(name)"))
        }
        for field in form.fields {
            let plain = input[field.name] ?? .null
            do throws(Fault) {
                let value: Value =
                    if let text = plain.text { text.trimmed.isEmpty ? .null : try field.kind.parse(text) } else {
                        try field.kind.accept(plain)
                    }
                if !value.isNull, let fault = field.kind.check(value), !fault.isWarning { throw fault }
                values[field.name] = value
                if value.isNull, form.isRequired(field) { problems.append(Problem(field.name, code: "required", "请填写「\(field.label)」")) }
            } catch {
                problems.append(Problem(field.name, code: error.code, "\(field.label)：\(error.message)"))
            }
        }
        let hasAgreed = input["consent"] == .bool(true) || ["true", "on", "1"].contains(input["consent"]?.text ?? "")
        if !hasAgreed { problems.append(Problem("consent", code: "required", "请先同意我们按说明使用您填写的信息")) }
        guard problems.isEmpty else { throw Problems(problems) }
        return values
    }
}
