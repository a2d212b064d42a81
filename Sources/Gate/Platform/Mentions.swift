import Records

/// `@李伟` in what somebody writes tells 李伟.
enum Mentions {
    /// The names behind the signs of a text, each once.
    static func names(in text: String) -> [String] {
        var names: [String] = []
        for part in text.split(separator: "@", omittingEmptySubsequences: false).dropFirst() {
            let name = String(part.prefix { $0.isLetter || $0.isNumber || $0 == "·" }.prefix(30))
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return Array(names.prefix(20))
    }
}

extension GateTransaction {
    /// Tells those who are newly named in the long texts of a record that somebody saves.
    func tellMentioned(_ row: Row, over old: Row?) throws {
        guard actor.userID != 0 else { return }
        for field in row.schema.fields where field.kind.isProse {
            guard let text = row[field].text, text.contains("@"), old?[field].text != text else { continue }
            let known = Set(old?[field].text.map(Mentions.names) ?? [])
            let fresh = Mentions.names(in: text).filter { !known.contains($0) }
            guard !fresh.isEmpty else { continue }
            let users = catalog.schema(User.self)
            // A name may run on into the words behind it: the longest that somebody has counts.
            let spelled = fresh.flatMap { name in (1...name.count).map { Value.text(String(name.prefix($0))) } }
            let people = try reading.fetch(
                Query(users, where: \User.status == .active && .compare(.init(users.title.name), .in, spelled), limit: 200))
            let meant = fresh.compactMap { name in people.filter { name.hasPrefix($0.title) }.max { $0.title.count < $1.title.count }?.id }
            try tell(meant.filter { $0 != actor.userID }, of: .mentioned, about: row) { reader in
                let said =
                    reader.lens(row.schema).reads(field) ? "：\(text.prefix(60))" : "，在\(row.schema.label)「\(reader.shown(row).title)」"
                return "\(actor.name) 提到了你\(said)"
            }
        }
    }
}
