import Records

/// Why something is done: what many a step asks for.
public enum Reason {
    public static let demanded = Field<String>("reason", "原因", kind: TextKind(limit: 200))
    public static let welcome = Field<String?>("reason", "原因", kind: TextKind(limit: 200))
}
