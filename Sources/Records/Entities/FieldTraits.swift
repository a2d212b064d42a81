/// Everything a field's declaration can say besides its name, label and type.
public struct FieldTraits: Sendable {
    public var isUnique = false
    public var isSearchable = false
    /// A column of the entity's lists by default.
    public var isInList = false
    /// Part of the short form that creates a record.
    public var isQuick = false
    /// Kept by the program; no form, import or API call sets it.
    public var isReadOnly = false
    public var isIndexed = false
    /// The field that names the record; the first text field when none says so.
    public var isTitle = false
    /// When somebody must see to the record next: boards and calendars tell by it what is planned, due and overdue.
    public var isDue = false
    /// A day to come: forms offer today, tomorrow, next week.
    public var isAhead = false
    /// Of use to programs only: part of the API, on no record's page.
    public var isInternal = false
    /// Kept for the program's own use: no reader has it, by no way.
    public var isProgramOnly = false
    /// Its days are a layer of everybody's calendar.
    public var isOnCalendar = false
    /// Shown masked unless the actor's role has the right to see it whole.
    public var isSensitive = false
    /// Encrypted at rest, with a keyed hash for equality.
    public var isSealed = false
    /// Required for every source except those named in ``requiredExcept``.
    public var requiredExcept: [String] = []
    public var unit: Words?
    public var help: Words?
    /// The form's section, 基本资料 when nil.
    public var section: Words?
    public var english: String?
    public var initial: Value?
    /// Other names a spreadsheet may give the column, for proposing the mapping.
    public var aliases: [String] = []
    /// Counts towards the completeness score with this weight.
    public var completeness = 0
    /// What the other record calls the list of those that point to it through this link (转介绍的客户); the entity's own label when nil.
    public var reverse: Words?
    /// Another field's name whose value must be one of these codes for this field to be asked for.
    public var onlyWhen: (field: String, codes: [String])?

    public init() {}
}

/// One remark on a field: `.unique`, `.unit("公里", "km")`.
public struct FieldOption: Sendable {
    let apply: @Sendable (inout FieldTraits) -> Void
    public init(_ apply: @escaping @Sendable (inout FieldTraits) -> Void) { self.apply = apply }

    public static let unique = FieldOption {
        $0.isUnique = true; $0.isIndexed = true
    }
    public static let searchable = FieldOption { $0.isSearchable = true }
    public static let inList = FieldOption { $0.isInList = true }
    public static let quick = FieldOption { $0.isQuick = true }
    public static let readOnly = FieldOption { $0.isReadOnly = true }
    public static let indexed = FieldOption { $0.isIndexed = true }
    public static let title = FieldOption {
        $0.isTitle = true; $0.isSearchable = true; $0.isInList = true; $0.isQuick = true
    }
    public static let due = FieldOption {
        $0.isDue = true; $0.isOnCalendar = true; $0.isAhead = true
    }
    public static let ahead = FieldOption { $0.isAhead = true }
    public static let onCalendar = FieldOption { $0.isOnCalendar = true }
    public static let `internal` = FieldOption { $0.isInternal = true }
    public static let programOnly = FieldOption {
        $0.isProgramOnly = true; $0.isInternal = true; $0.isReadOnly = true
    }
    public static let sensitive = FieldOption { $0.isSensitive = true }
    public static let sealed = FieldOption {
        $0.isSealed = true; $0.isSensitive = true
    }

    public static func unit(_ chinese: String, _ english: String) -> FieldOption { FieldOption { $0.unit = Words(chinese, english) } }
    public static func help(_ chinese: String, _ english: String) -> FieldOption { FieldOption { $0.help = Words(chinese, english) } }
    public static func section(_ name: Words) -> FieldOption { FieldOption { $0.section = name } }
    public static func english(_ label: String) -> FieldOption { FieldOption { $0.english = label } }
    public static func reverse(_ chinese: String, _ english: String) -> FieldOption { FieldOption { $0.reverse = Words(chinese, english) } }
    public static func initial(_ value: Value) -> FieldOption { FieldOption { $0.initial = value } }
    public static func aliases(_ names: String...) -> FieldOption { FieldOption { $0.aliases = names } }
    public static func completeness(_ weight: Int) -> FieldOption { FieldOption { $0.completeness = weight } }
    public static func optional(from sources: String...) -> FieldOption { FieldOption { $0.requiredExcept = sources } }
    public static func only(when field: String, _ codes: String...) -> FieldOption { FieldOption { $0.onlyWhen = (field, codes) } }
}
