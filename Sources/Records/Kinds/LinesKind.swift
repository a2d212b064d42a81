/// Child lines inside a record: the lines of an order. They are records of an entity of their own, saved and shown with their parent.
public struct LinesKind: FieldKind {
    public let entity: String
    /// The lines' field that links to the parent.
    public let link: String

    public init(_ entity: String, by link: String) {
        self.entity = entity
        self.link = link
    }

    public let name = "lines"
    public let column = ColumnType.none
    public let editor = Editor.none
    public let operators: [Operator] = []

    public func parse(_ text: String) throws(Fault) -> Value { throw Fault("明细应在表格中逐行填写") }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null, .list: .null
        default: throw Fault("应为列表，收到的是\(plain.typeName)", code: "wrong_type")
        }
    }

    public var openAPI: [String: Plain] { ["type": .text("array"), "items": .object(["type": .text("object")])] }
    public var lines: LinesKind? { self }
}

/// The lines of a record; their rows are read through the gate.
public struct Lines<E: Entity>: FieldValue {
    public init() {}
    public static var kind: any FieldKind { LinesKind(E.name, by: E.traits.parent ?? "parent_id") }
    public static var isOptional: Bool { true }
    public init(stored: Value) {}
    public var stored: Value { .null }
}
