/// What people without an account may hand in: a public page, or a program's call. A capability declares what can be handed in; each form
/// is a record that an administrator opens and closes, with a code of its own in its address.
public struct Intake: Sendable {
    /// The forms' entity: it has `code`, `name`, `is_enabled`, `per_hour`, `consent_text` and `thanks_text`.
    public var forms: String
    /// The entity whose fields are asked for, in this order.
    public var target: String
    public var fields: [String]
    public var required: [String]
    /// Takes what was handed in; the form comes first.
    public var accept: @Sendable (Row, [String: Value], any Transaction) throws -> Void

    public init(
        _ forms: String, for target: String, asking fields: [String], required: [String],
        accept: @escaping @Sendable (Row, [String: Value], any Transaction) throws -> Void
    ) {
        self.forms = forms
        self.target = target
        self.fields = fields
        self.required = required
        self.accept = accept
    }
}
