import Records

extension GateTransaction {
    /// Makes several records of one entity one (A3): every link to the others points to the one that stays, their files, shares and
    /// followers move along, and the others go to the recycle bin. `choices` says, by field, whose value stays; an empty field of the one
    /// that stays is filled from the others.
    @discardableResult
    public func merge(_ schema: Schema, into winnerID: Int64, _ loserIDs: [Int64], choices: [String: Int64] = [:]) throws -> Row {
        guard !loserIDs.isEmpty, loserIDs.count <= 20, !loserIDs.contains(winnerID), Set(loserIDs).count == loserIDs.count else {
            throw Refusal.conflict("请选择 2 到 20 条不同的\(schema.label)进行合并。")
        }
        try keyWrites(schema)
        var winner = try reachable(schema, id: winnerID, "merge")
        let losers = try loserIDs.map { try reachable(schema, id: $0, "merge") }
        for row in [winner] + losers { try refuseLocked(row, over: nil) }
        try refuseState(chosen: choices, among: losers, of: winner)
        let before = winner
        verb = "merge"
        defer { verb = nil }
        for field in schema.fields
        where !field.traits.isReadOnly && !field.isLines && !GateTransaction.keptByWinner.contains(field.name)
            && field.name != schema.flow?.field
        {
            if let chosen = choices[field.name], let row = losers.first(where: { $0.id == chosen }) {
                winner[field] = row[field]
            } else if field.isLinks {
                let ids = ([winner] + losers).flatMap { $0[field].list ?? [] }
                var seen: Set<Value> = []
                if !ids.isEmpty { winner[field] = .list(ids.filter { seen.insert($0).inserted }) }
            } else if winner[field].isNull || winner[field] == .text("") {
                winner[field] = losers.first { !$0[field].isNull }?[field] ?? winner[field]
            }
        }
        for loser in losers {
            try moveLinks(from: loser, to: winnerID)
            try moveAttached(from: loser, to: winnerID)
            verb = nil
            try bin(loser)
            verb = "merge"
        }
        ignoresWarnings = true
        try refuseSettled(winner, over: before)
        let saved = try asStep { try save(winner, over: before) }
        let change = Change(old: before, source: "merge")
        for loser in losers { for rule in schema.rules.afterMerge { try rule(loser, change, self) } }
        refresh(schema, [winnerID] + loserIDs)
        return shown(saved)
    }

    /// The one that stays keeps its state, which only a step changes.
    private func refuseState(chosen choices: [String: Int64], among losers: [Row], of winner: Row) throws {
        guard let field = winner.schema.flow.flatMap({ winner.schema[$0.field] }), let chosen = choices[field.name],
            let other = losers.first(where: { $0.id == chosen }), other[field] != winner[field]
        else { return }
        throw Problems([
            Problem(field.name, code: "use_action", "「\(field.label)」不能在合并时改变，请保留状态正确的那一条，或合并后使用相应的操作按钮")
        ])
    }

    private static let keptByWinner: Set<String> = ["owner_id", "department_id", "code"]

    /// Every record that points to `loser` points to the one that stays, a page at a time.
    private func moveLinks(from loser: Row, to winner: Int64) throws {
        // What belongs to a pack that is switched off moves along, so that nothing is torn apart when it is on again.
        for link in catalog.whole.links(to: loser.schema.name).map(live) where link.field.isColumn {
            var last: Int64 = 0
            while true {
                let condition = Condition.field(link.field.name, .eq, .int(loser.id)) && .field("id", .gt, .int(last))
                var query = Query(link.schema, where: condition, sort: [Query.Sort("id")], limit: 500)
                query.life = .both
                let rows = try reading.fetch(query).map(opened)
                guard let end = rows.last else { break }
                try keyWrites(link.schema)
                for row in rows {
                    // Read again: a rule of the row before may have touched this one.
                    guard let fresh = try reading.row(link.schema, id: row.id).map(opened), fresh[link.field] == .int(loser.id) else {
                        continue
                    }
                    try repoint(fresh, link.field, to: winner)
                }
                last = end.id
            }
        }
        for link in catalog.whole.links(to: loser.schema.name).map(live) where link.field.isLinks {
            let query = Query(link.schema, where: .field(link.field.name, .in, .int(loser.id)), sort: [Query.Sort("id")], limit: 2000)
            for row in try reading.fetch(query) {
                try keyWrites(link.schema)
                guard var full = try whole(link.schema, id: row.id), full.deletedAt == nil else { continue }
                let old = full
                let ids = full[link.field].list ?? []
                var seen: Set<Value> = []
                full[link.field] = .list(ids.map { $0 == .int(loser.id) ? .int(winner) : $0 }.filter { seen.insert($0).inserted })
                if isLive(link.schema) {
                    _ = try asRule { try save(full, over: old) }
                } else {
                    _ = try writing.update(full, slots: [link.field.slot], ifVersion: nil)
                }
            }
        }
    }

    /// The link as the catalog knows it, or as it is kept while its pack is off.
    private func live(_ link: Catalog.Link) -> Catalog.Link {
        guard let schema = catalog[link.schema.name], let field = schema[link.field.name] else { return link }
        return Catalog.Link(schema: schema, field: field)
    }

    private func isLive(_ schema: Schema) -> Bool { catalog[schema.name] === schema }

    private func repoint(_ row: Row, _ field: FieldSpec, to winner: Int64) throws {
        var moved = row
        moved[field] = .int(winner)
        if row.schema.traits.nature == .log || !isLive(row.schema) {
            _ = try writing.update(moved, slots: [field.slot], ifVersion: nil)
        } else if row.deletedAt == nil {
            _ = try asRule { try save(moved, over: row) }
        } else {
            _ = try writing.update(sealed(moved), slots: [field.slot], ifVersion: nil)
        }
    }

    public func moveFiles(of row: Row, to schema: Schema, id: Int64) throws {
        let place = Condition.field("entity", .eq, .text(row.schema.name)) && .field("record_id", .eq, .int(row.id))
        for found in try reading.fetch(Query(catalog.schema(File.self), where: place, limit: 1000)) {
            var moved = found
            moved["entity"] = .text(schema.name)
            moved["record_id"] = .int(id)
            _ = try writing.update(moved, slots: nil, ifVersion: nil)
        }
    }

    /// Files, shares and followers know their record by entity and number.
    private func moveAttached(from loser: Row, to winner: Int64) throws {
        let place = Condition.field("entity", .eq, .text(loser.schema.name)) && .field("record_id", .eq, .int(loser.id))
        for schema in [catalog.schema(File.self), catalog.schema(Share.self), catalog.schema(Follow.self)] {
            for row in try reading.fetch(Query(schema, where: place, limit: 1000)) {
                var moved = row
                moved["record_id"] = .int(winner)
                _ = try writing.update(moved, slots: nil, ifVersion: nil)
            }
        }
    }
}
