import Records

/// Why something is done: what many a step asks for.
enum Reason {
    static let demanded = Field<String>("reason", "原因", kind: TextKind(limit: 200))
    static let welcome = Field<String?>("reason", "原因", kind: TextKind(limit: 200))
}
