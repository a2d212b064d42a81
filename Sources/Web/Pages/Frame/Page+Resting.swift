import Records

extension Page {
    /// What an entity is called, and that its pack is off while it is.
    func name(of entity: String) -> String {
        guard let label = catalog.whole[entity]?.label(in: language) else { return entity }
        guard let pack = catalog.resting(entity) else { return label }
        return t("\(label)（「\(pack.label.chinese)」已停用）", "\(label) (\(pack.label.english) is switched off)")
    }
}
