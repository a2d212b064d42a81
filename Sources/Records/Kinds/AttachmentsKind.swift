extension LinksKind {
    /// Files: links to records of `files`, with the upload control as their editor.
    public static func attachments(limit: Int = 50) -> LinksKind {
        var kind = LinksKind("files")
        kind.limit = limit
        return kind
    }

    var isAttachments: Bool { target == "files" }
}

/// Files of a record: `Field<Attachments>("photos", "照片")`.
public struct Attachments: Sendable, Hashable, FieldValue {
    public var ids: [Int64]
    public init(_ ids: [Int64]) { self.ids = ids }
    public static var kind: any FieldKind { LinksKind.attachments() }
    public static var isOptional: Bool { true }
    public init(stored: Value) { ids = stored.list?.compactMap(LinksKind.id(of:)) ?? [] }
    public var stored: Value { ids.isEmpty ? .null : .list(ids.map(Value.int)) }
}
