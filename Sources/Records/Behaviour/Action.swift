/// Something that can be done to a record: declared once, and there is a button, a menu entry, a bulk command, a palette entry, a REST
/// endpoint and an audit line.
public struct Action: Sendable {
    /// Stable, in snake_case: the URL's last part and the permission's name.
    public var name: String
    public var label: String
    public var english: String?
    public var icon: String
    public var tone = Tone.neutral
    /// Asked for in a dialog and accepted in the API's body.
    public var parameters: [FieldSpec]
    /// The right it takes: `update` unless it names its own.
    public var permission: String
    /// Gives the record away, parks it or ends it: not for whom it was only lent to.
    public var isForKeeper = false
    /// Offered for several records at once.
    public var isBulk = true
    /// The right that doing it to many at once takes besides.
    public var bulkPermission: String?
    public var isUndoable = true
    /// Where a step that needs somebody's word leaves the record while it waits, and after a refusal; nil leaves it as it was.
    public var waiting: String?
    public var refused: String?
    /// The button that stands out when it is available.
    public var isPrimary = false
    /// A page of its own below the record's address, instead of a dialog.
    public var page: String?
    /// Nil when it can be done now; otherwise why not, in Chinese.
    public let unavailable: @Sendable (Row, Actor) -> String?
    public let perform: @Sendable (inout Row, Arguments, any Transaction) throws -> Void

    init(
        _ name: String, _ label: String, icon: String = "zap", english: String? = nil, parameters: [FieldSpec] = [],
        permission: String = "update",
        unavailable: @escaping @Sendable (Row, Actor) -> String? = { _, _ in nil },
        perform: @escaping @Sendable (inout Row, Arguments, any Transaction) throws -> Void
    ) {
        self.name = name
        self.label = label
        self.english = english
        self.icon = icon
        self.parameters = parameters
        self.permission = permission
        self.unavailable = unavailable
        self.perform = perform
    }

    /// An action on records of `E`; the changed record is saved when `perform` returns.
    public static func on<E: Entity>(
        _ type: E.Type, _ name: String, _ label: String, icon: String = "zap", english: String? = nil,
        parameters: [any ActionParameter] = [], permission: String = "update",
        unavailable: @escaping @Sendable (Record<E>, Actor) -> String? = { _, _ in nil },
        perform: @escaping @Sendable (inout Record<E>, Arguments, any Transaction) throws -> Void
    ) -> Action {
        Action(
            name, label, icon: icon, english: english, parameters: parameters.map(\.spec), permission: permission,
            unavailable: { unavailable(Record($0), $1) }
        ) { row, arguments, tx in
            var record = Record<E>(row)
            try perform(&record, arguments, tx)
            row = record.row
        }
    }

    /// The same action with some settings changed.
    public func with(_ change: (inout Action) -> Void) -> Action {
        var copy = self
        change(&copy)
        return copy
    }

    public func label(in language: Language) -> String { language == .chinese ? label : english ?? name.asEnglishLabel }
}

/// What an action asks for: a ``Field`` declared once, by which its value is read as well. One whose type is not optional must be filled in.
public protocol ActionParameter: Sendable {
    var spec: FieldSpec { get }
}

extension Field: ActionParameter {}

/// An action's parameters, already read and checked by their kinds: `arguments[reason]`.
public struct Arguments: Sendable {
    public var values: [String: Value]
    public init(_ values: [String: Value] = [:]) { self.values = values }
    public subscript<V: FieldValue>(parameter: Field<V>) -> V { V(stored: values[parameter.spec.name] ?? .null) }
}
