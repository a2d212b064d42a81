/// A change that a declaration cannot express: a rename, a split, a back-fill. Numbered for ever; runs once in each database.
struct Patch: Sendable {
    enum Phase: Sendable { case before, after }
    let number: Int
    let name: String
    let phase: Phase
    /// Whose rows it changes: their digests are made anew.
    var tables: [String] = []
    let body: @Sendable (any Connection, any Dialect) throws -> Void

    /// In this program. Numbers grow and are never used again.
    static let all: [Patch] = []
}
