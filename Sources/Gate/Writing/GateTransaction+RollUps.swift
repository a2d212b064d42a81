import Records

extension GateTransaction {
    /// Computes the roll-ups of these parents again: one question for each child entity, link and condition, however many parents there
    /// are.
    func rollUp(_ parent: Schema, _ ids: [Int64]) throws {
        let groups = RollUpGroup.of(parent).filter { catalog[$0.child]?[$0.link] != nil }
        let slots = groups.flatMap(\.slots)
        guard !slots.isEmpty else { return }
        for start in stride(from: 0, to: ids.count, by: 500) {
            let some = Array(ids[start..<min(start + 500, ids.count)])
            var rows = some.map { id in
                var row = Row(parent, Array(repeating: .null, count: parent.width))
                row.id = id
                return row
            }
            for group in groups { try fill(&rows, some, group) }
            for row in rows { _ = try writing.update(row, slots: slots, ifVersion: nil) }
        }
    }

    private func fill(_ rows: inout [Row], _ ids: [Int64], _ group: RollUpGroup) throws {
        guard let child = catalog[group.child] else { return }
        var summary = Summary(
            Query(child, where: .field(group.link, .in, .list(ids.map(Value.int))) && group.condition), by: [Summary.Group(group.link)],
            measures: group.measures
        )
        summary.limit = ids.count
        let lines = Dictionary(
            try reading.summarize(summary).map { ($0.keys.first?.int ?? 0, $0.values) }, uniquingKeysWith: { first, _ in first })
        for index in rows.indices {
            let answers = lines[rows[index].id]
            for (place, slot) in group.slots.enumerated() { rows[index].values[slot] = answers?[place] ?? group.measures[place].ofNothing }
        }
    }
}

/// Roll-ups that one question answers.
private struct RollUpGroup {
    var child: String
    var link: String
    var condition: Condition
    /// The parent's fields.
    var slots: [Int] = []
    var measures: [Summary.Measure] = []

    static func of(_ parent: Schema) -> [RollUpGroup] {
        var groups: [RollUpGroup] = []
        for rule in parent.rules.rollUps {
            guard let slot = parent[rule.field]?.slot else { continue }
            let place = groups.firstIndex { $0.child == rule.child && $0.link == rule.link && $0.condition == rule.condition }
            if place == nil { groups.append(RollUpGroup(child: rule.child, link: rule.link, condition: rule.condition)) }
            groups[place ?? groups.count - 1].slots.append(slot)
            groups[place ?? groups.count - 1].measures.append(rule.measure)
        }
        return groups
    }
}

extension Summary.Measure {
    /// The answer where there are no records.
    fileprivate var ofNothing: Value { self == .count ? .int(0) : .null }
}
