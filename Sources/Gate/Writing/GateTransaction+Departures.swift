import Records

/// A record leaves its owner: who may make it so, and that the owner hears of it.
extension GateTransaction {
    /// Refuses that an action, whatever it is for, takes a record from its owner by the hand of somebody whom it was only lent to.
    func refuseGivingAway(_ row: Row, over old: Row) throws {
        guard row.ownerID != old.ownerID || row.departmentID != old.departmentID, !isApproved, isOnlyLent(old) else { return }
        throw Refusal.forbidden("「\(shown(old).title)」是别人共享给您的，您不能更换或取消它的负责人；请联系其负责人。")
    }

    /// Remembers that somebody else has taken a record from its owner.
    func noteDeparture(_ row: Row, over old: Row) {
        guard let owner = old.ownerID, row.ownerID != owner, actor.userID != 0, actor.userID != owner else { return }
        departures[owner, default: []].append((row, row.ownerID))
    }

    /// Tells each former owner once, however many records left. It links nowhere: most can no longer be opened.
    func tellFormerOwners() throws {
        let gone = departures
        departures = [:]
        let names = try titles(linkedTo: catalog.schema(User.self), ids: gone.values.flatMap { $0.compactMap(\.to) })
        for (owner, records) in gone.sorted(by: { $0.key < $1.key }) {
            guard let first = records.first else { continue }
            let what = "\(first.row.schema.label)「\(first.row.title)」" + (records.count > 1 ? "等 \(records.count) 条" : "")
            let receivers = Set(records.map(\.to))
            let place: String =
                switch (receivers.count, first.to) {
                case (1, nil): "放入了公海"
                case (1, let to?): "转给了 \(names[to] ?? "其他同事")"
                default: "转给了其他同事或放入了公海"
                }
            try notify([owner], of: .departed, "\(actor.name) 把您负责的\(what)\(place)")
        }
    }
}
