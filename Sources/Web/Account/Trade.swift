import Records

/// What a company may say it does, and which packs that brings. A pack that this version does not have is passed over.
public struct Trade: Sendable {
    public let code: String
    public let label: Words
    public let about: Words
    public let icon: String
    public let packs: [String]

    public init(_ code: String, _ label: Words, _ about: Words, icon: String, packs: [String]) {
        (self.code, self.label, self.about, self.icon, self.packs) = (code, label, about, icon, packs)
    }
}
