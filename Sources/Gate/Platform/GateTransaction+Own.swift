import Foundation
import Records

/// A field as an administrator describes it.
public struct OwnFieldDraft: Sendable {
    public var entity: String
    /// Made from the label when empty.
    public var name = ""
    public var label = ""
    public var english: String?
    public var kind: String
    public var settings: [String: Plain] = [:]
    public var isRequired = false
    public var isInList = false
    public var isUnique = false
    public var isSearchable = false
    public var section: String?
    public var help: String?

    public init(entity: String, kind: String) {
        self.entity = entity
        self.kind = kind
    }
}

/// An entity as an administrator describes it.
public struct OwnEntityDraft: Sendable {
    public var name = ""
    public var label = ""
    public var english: String?
    public var icon = "boxes"
    public var menu: String?
    public var isOwned = true

    public init() {}
}

extension Gate {
    /// A new field: a real column, in every list, form, filter and answer from the next request on. Returns its name.
    public func addOwnField(_ draft: OwnFieldDraft, as actor: Actor) async throws -> String {
        let name = try await write(as: actor) { try $0.addOwnField(draft) }
        do { try await reloadOwnDefinitions() } catch {
            // The database refused it, so it is not there.
            try? await write(as: actor) { try $0.dropOwnField(draft.entity, name) }
            throw error
        }
        return name
    }

    public func changeOwnField(_ name: String, to draft: OwnFieldDraft, as actor: Actor) async throws {
        try await write(as: actor) { try $0.changeOwnField(name, to: draft) }
        try await reloadOwnDefinitions()
    }

    /// Out of use, or back: the column and its values stay.
    public func retireOwnField(_ entity: String, _ name: String, isRetired: Bool = true, as actor: Actor) async throws {
        try await write(as: actor) { try $0.retireOwnField(entity, name, isRetired: isRetired) }
        try await reloadOwnDefinitions()
    }

    /// A new entity with a name to begin with; fields are added like any own field. Returns its name.
    public func addOwnEntity(_ draft: OwnEntityDraft, as actor: Actor) async throws -> String {
        let name = try await write(as: actor) { try $0.addOwnEntity(draft) }
        try await reloadOwnDefinitions()
        return name
    }

    public func changeOwnEntity(_ name: String, to draft: OwnEntityDraft, as actor: Actor) async throws {
        try await write(as: actor) { try $0.changeOwnEntity(name, to: draft) }
        try await reloadOwnDefinitions()
    }

    /// Out of use, or back: the table and its records stay.
    public func retireOwnEntity(_ name: String, isRetired: Bool = true, as actor: Actor) async throws {
        try await write(as: actor) { try $0.retireOwnEntity(name, isRetired: isRetired) }
        try await reloadOwnDefinitions()
    }
}

extension View {
    /// An entity's own fields, those out of use too.
    public func ownFields(of entity: String) throws -> [Record<OwnField>] {
        try needsSystem("fields", "管理字段")
        return try reading.fetch(
            Query(catalog.schema(OwnField.self), where: \OwnField.entity == entity, sort: [Query.Sort("id")], limit: 1000)
        ).map(Record<OwnField>.init)
    }

    public func ownEntity(_ name: String) throws -> Record<OwnEntity>? {
        try needsSystem("fields", "管理对象")
        return try reading.fetch(Query(catalog.schema(OwnEntity.self), where: \OwnEntity.title == name, limit: 1)).first.map(
            Record<OwnEntity>.init)
    }

    /// The company's own entities that are out of use.
    public func retiredEntities() throws -> [Record<OwnEntity>] {
        try needsSystem("fields", "管理对象")
        return try reading.fetch(
            Query(catalog.schema(OwnEntity.self), where: \OwnEntity.isRetired == true, sort: [Query.Sort("id")], limit: 500)
        ).map(Record<OwnEntity>.init)
    }

    /// In how many live records a field has a value, up to `cap`.
    public func filled(_ schema: Schema, _ field: FieldSpec, cap: Int = 100_000) throws -> Int {
        try needsSystem("fields", "管理字段")
        return try reading.count(Query(schema, where: .field(field.name, .notEmpty)), cap: cap)
    }
}

extension GateTransaction {
    public static let ownFieldLimit = 200

    func addOwnField(_ draft: OwnFieldDraft) throws -> String {
        try needsSystem("fields", "管理字段")
        guard let schema = catalog[draft.entity], schema.traits.isPublic, schema.traits.nature != .log else { throw Refusal.notFound }
        let present = try ownFields(of: schema.name)
        guard present.count < GateTransaction.ownFieldLimit else {
            throw Refusal.conflict("\(schema.label)已有 \(present.count) 个自定义字段，最多 \(GateTransaction.ownFieldLimit) 个。")
        }
        let taken = Set(present.map(\.title))
        // What is switched off has its columns and comes back.
        let whole = catalog.whole[schema.name] ?? schema
        var problems = check(draft, kind: draft.kind, settings: draft.settings, in: catalog)
        if present.contains(where: { $0.label == draft.label.trimmed && !$0.isRetired })
            || whole.fields.contains(where: { $0.label == draft.label.trimmed })
        {
            problems.append(Problem("label", code: "duplicate", "\(schema.label)已有名为「\(draft.label.trimmed)」的字段"))
        }
        let isFree = { (name: String) in
            whole[name] == nil && !taken.contains(name) && !OwnNames.reservedFields.contains(name)
                && schema.name.utf8.count + name.utf8.count <= 50
        }
        let name = OwnNames.settled(draft.name, label: draft.label, isFree: isFree)
        if let fault = OwnNames.fault(in: name) {
            problems.append(Problem("name", code: "invalid", fault))
        } else if !isFree(name) {
            problems.append(Problem("name", code: "duplicate", "字段名 \(name) 已被使用、属于保留字或过长，请换一个"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        var row = Record<OwnField>()
        row.entity = schema.name
        row.title = name
        row.kind = draft.kind
        row.isRetired = false
        row.isUnique = draft.isUnique
        row.fill(from: draft)
        row.settings = draft.settings.isEmpty ? nil : Plain.object(draft.settings).jsonText
        try writing.insert(row.row)
        try ownChanged(schema.name, "own_field", name, nil, "\(row.label) (\(draft.kind))")
        return name
    }

    /// Kind and uniqueness stay: what is stored was checked against them. A choice's options may grow and be renamed.
    func changeOwnField(_ name: String, to draft: OwnFieldDraft) throws {
        try needsSystem("fields", "管理字段")
        guard var row = try ownFields(of: draft.entity).first(where: { $0.title == name }) else { throw Refusal.notFound }
        var settings = row.settings.flatMap(Plain.init(jsonText:))?.object ?? [:]
        var problems = check(draft, kind: row.kind, settings: draft.settings.isEmpty ? settings : draft.settings, in: catalog.whole)
        if let options = draft.settings["options"] {
            let gone = Set(OwnNames.codes(settings["options"])).subtracting(OwnNames.codes(options))
            if !gone.isEmpty {
                problems.append(Problem("options", code: "not_allowed", "已有的选项 \(gone.sorted().joined(separator: "、")) 不能去掉，可以改名"))
            }
            settings["options"] = options
        }
        guard problems.isEmpty else { throw Problems(problems) }
        let old = row.label
        row.fill(from: draft)
        row.settings = settings.isEmpty ? nil : Plain.object(settings).jsonText
        _ = try writing.update(row.row, slots: nil, ifVersion: nil)
        try ownChanged(draft.entity, "own_field", name, old, row.label)
    }

    func retireOwnField(_ entity: String, _ name: String, isRetired: Bool) throws {
        try needsSystem("fields", "管理字段")
        guard var row = try ownFields(of: entity).first(where: { $0.title == name }) else { throw Refusal.notFound }
        guard row.isRetired != isRetired else { return }
        row.isRetired = isRetired
        _ = try writing.update(row.row, slots: nil, ifVersion: nil)
        try ownChanged(entity, "own_field", name, isRetired ? row.label : "（停用）", isRetired ? "（停用）" : row.label)
    }

    func dropOwnField(_ entity: String, _ name: String) throws {
        let rows = try ownFields(of: entity).filter { $0.title == name }
        try writing.erase(catalog.schema(OwnField.self), ids: rows.map(\.row.id))
        try ownChanged(entity, "own_field", name, rows.first?.label, nil)
    }

    func addOwnEntity(_ draft: OwnEntityDraft) throws -> String {
        try needsSystem("fields", "管理对象")
        let count = try reading.count(Query(catalog.schema(OwnEntity.self)), cap: 200)
        guard count < 100 else { throw Refusal.conflict("最多 100 个自定义对象。") }
        var problems = check(draft)
        let retired = Set(try retiredEntities().map(\.title))
        let isFree = { [catalog] (name: String) in
            catalog.whole[name] == nil && !retired.contains(name) && !OwnNames.reservedEntities.contains(name) && name.utf8.count <= 30
        }
        let name = OwnNames.settled(draft.name, label: draft.label, isFree: isFree)
        if let fault = OwnNames.fault(in: name) {
            problems.append(Problem("name", code: "invalid", fault))
        } else if !isFree(name) {
            problems.append(Problem("name", code: "duplicate", "标识 \(name) 已被使用、属于保留字或过长，请换一个"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        var row = Record<OwnEntity>()
        row.title = name
        row.isOwned = draft.isOwned
        row.fill(from: draft)
        try writing.insert(row.row)
        try ownChanged(name, "own_entity", name, nil, row.label)
        return name
    }

    func changeOwnEntity(_ name: String, to draft: OwnEntityDraft) throws {
        guard var row = try ownEntity(name) else { throw Refusal.notFound }
        let problems = check(draft, except: name)
        guard problems.isEmpty else { throw Problems(problems) }
        let old = row.label
        row.fill(from: draft)
        _ = try writing.update(row.row, slots: nil, ifVersion: nil)
        try ownChanged(name, "own_entity", name, old, row.label)
    }

    func retireOwnEntity(_ name: String, isRetired: Bool) throws {
        guard var row = try ownEntity(name) else { throw Refusal.notFound }
        guard (row.isRetired ?? false) != isRetired else { return }
        if isRetired {
            let links = catalog.whole.links(to: name).filter { $0.schema.name != name }
            guard links.isEmpty else {
                throw Refusal.conflict(
                    "\(links.prefix(5).map { "\($0.schema.label)的「\($0.field.label)」" }.joined(separator: "、"))还指向\(row.label)，请先停用这些字段。")
            }
        } else if catalog.schemas.contains(where: { $0.label == row.label }) {
            throw Refusal.conflict("已有名为「\(row.label)」的对象，请先给它改名。")
        }
        row.isRetired = isRetired
        _ = try writing.update(row.row, slots: nil, ifVersion: nil)
        try ownChanged(name, "own_entity", name, isRetired ? row.label : "（停用）", isRetired ? "（停用）" : row.label)
    }

    // MARK: -

    private func check(_ draft: OwnFieldDraft, kind: String, settings: [String: Plain], in catalog: Catalog) -> [Problem] {
        var problems: [Problem] = []
        let label = draft.label.trimmed
        if label.isEmpty || label.count > 40 { problems.append(Problem("label", code: "required", "请填写字段名称（不超过 40 字）")) }
        guard let offer = FieldKinds[kind] else { return problems + [Problem("kind", code: "invalid", "请选择字段类型")] }
        for setting in offer.settings where setting.isRequired && (settings[setting.name] == nil || settings[setting.name] == .null) {
            problems.append(Problem(setting.name, code: "required", "请填写「\(setting.label)」"))
        }
        if let target = settings["target"]?.text, !(catalog[target]?.traits.isPublic ?? false) {
            problems.append(Problem("target", code: "not_found", "没有名为 \(target.prefix(60)) 的对象"))
        }
        guard problems.isEmpty else { return problems }
        guard let made = FieldKinds.make(name: kind, settings: settings) else {
            return [
                Problem(
                    offer.settings.first?.name, code: "invalid",
                    "「\(offer.label)」的设置有误，请检查\(offer.settings.map(\.label).joined(separator: "、"))")
            ]
        }
        if draft.isUnique, !made.canBeUnique {
            problems.append(Problem("is_unique", code: "invalid", "「\(offer.label)」不能设为唯一"))
        }
        return problems
    }

    private func check(_ draft: OwnEntityDraft, except name: String? = nil) -> [Problem] {
        var problems: [Problem] = []
        let label = draft.label.trimmed
        if label.isEmpty || label.count > 20 { problems.append(Problem("label", code: "required", "请填写对象名称（不超过 20 字）")) }
        if catalog.schemas.contains(where: { $0.label == label && $0.name != name }) {
            problems.append(Problem("label", code: "duplicate", "已有名为「\(label)」的对象"))
        }
        let icon = draft.icon.trimmed
        if icon.isEmpty || icon.utf8.count > 40 || !icon.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
        {
            problems.append(Problem("icon", code: "invalid", "图标名只含小写字母、数字和连字符，例如 boxes"))
        }
        if (draft.menu?.count ?? 0) > 20 { problems.append(Problem("menu", code: "too_long", "菜单分组不超过 20 字")) }
        return problems
    }

    /// Audited, and known to every instance.
    func ownChanged(_ entity: String, _ verb: String, _ name: String, _ old: String?, _ new: String?) throws {
        let changes = Plain.object([name: .list([old.map(Plain.text) ?? .null, new.map(Plain.text) ?? .null])]).jsonText
        try record(verb, entity: entity, id: nil, changes: changes)
        try setNote(OwnVersion.note, String(try OwnVersion.read(reading, catalog) + 1))
        events.append(ChangeEvent(entity: OwnField.name, id: 0, kind: .updated, by: actor.userID))
    }
}

extension Record where E == OwnField {
    fileprivate mutating func fill(from draft: OwnFieldDraft) {
        self.label = draft.label.trimmed
        self.english = OwnNames.text(draft.english)
        self.isRequired = draft.isRequired
        self.isInList = draft.isInList
        self.isSearchable = draft.isSearchable
        self.section = OwnNames.text(draft.section)
        self.help = OwnNames.text(draft.help)
    }
}

extension Record where E == OwnEntity {
    fileprivate mutating func fill(from draft: OwnEntityDraft) {
        self.label = draft.label.trimmed
        self.english = OwnNames.text(draft.english)
        self.icon = draft.icon.trimmed
        self.menu = OwnNames.text(draft.menu)
    }
}
