import Records

/// A sheet with the record that holds its answers.
public struct OpenSheet: Sendable {
    public var inquiry: Inquiry
    public var row: Row
    public var sheet: Sheet
    public var answers: [String: Value]
    /// Why nothing can be answered any more.
    public var closed: String?
}

extension Gate {
    /// Whoever has the link sees its sheet. The first look is kept: from then on the clock runs.
    public func sheet(token: String) async throws -> OpenSheet {
        try await write(as: .system(via: "intake")) { tx in
            let found = try tx.sheet(token: token)
            if found.closed == nil { try found.inquiry.keep(found.row, [:], Inquiry.Hand(isLast: false), tx) }
            return found
        }
    }

    /// Keeps what the holder of the link has answered to `questions` and returns the sheet as it is now; hands it in where nothing more is
    /// asked behind.
    public func answer(
        token: String, _ input: [String: [String]], page: Int, from address: String?, isOwnDevice: Bool
    ) async throws -> OpenSheet {
        let origin = secrets.digest(address ?? "", purpose: "intake")
        return try await write(as: .system(via: "intake")) { tx in
            var found = try tx.sheet(token: token)
            if let closed = found.closed { throw Refusal.conflict(closed) }
            let pages = found.sheet.pages(found.answers)
            guard pages.indices.contains(page) else { return found }
            let given = try found.sheet.read(input, of: pages[page])
            found.answers.merge(given) { $1 }
            let missing = found.sheet.missing(found.answers, of: pages[page])
            guard missing.isEmpty else { throw Problems(missing) }
            let isLast = found.sheet.pages(found.answers).count <= page + 1
            try found.inquiry.keep(found.row, given, Inquiry.Hand(isLast: isLast, isOwnDevice: isOwnDevice, origin: origin), tx)
            return isLast ? try tx.sheet(token: token) : found
        }
    }

    /// The title and the first words of a poster's sheet.
    public func poster(_ code: String) async throws -> Sheet {
        try await read(as: .system(via: "intake")) { try $0.poster(code).sheet }
    }

    /// A response for whoever begins at the poster: its token.
    public func begin(_ code: String, from address: String?) async throws -> String {
        let origin = secrets.digest(address ?? "", purpose: "intake")
        return try await write(as: .system(via: "intake")) { tx in
            let (poster, row, _) = try tx.poster(code)
            try tx.countIn("ask/\(code)", origin, most: Int(truncatingIfNeeded: row["per_hour"].int ?? 60))
            return try poster.begin(row, origin, tx)
        }
    }
}

extension View {
    fileprivate func sheet(token: String) throws -> OpenSheet {
        guard (16...60).contains(token.utf8.count) else { throw Refusal.notFound }
        for inquiry in catalog.capabilities.flatMap({ $0.inquiries }) {
            guard let field = inquiry.token, let schema = catalog[inquiry.entity],
                let row = try reading.fetch(Query(schema, where: .field(field, .eq, .text(token)), limit: 1)).first
            else { continue }
            guard let found = try sheet(of: row, inquiry) else { break }
            return found
        }
        throw Refusal.notFound
    }

    fileprivate func poster(_ code: String) throws -> (poster: OpenInquiry, row: Row, sheet: Sheet) {
        for poster in catalog.capabilities.flatMap({ $0.openInquiries }) {
            guard let schema = catalog[poster.entity],
                let row = try reading.fetch(Query(schema, where: .field("code", .eq, .text(code)), limit: 1)).first
            else { continue }
            guard let sheet = try poster.sheet(row, onlooker) else { break }
            return (poster, row, sheet)
        }
        throw Refusal.notFound
    }

    private func sheet(of row: Row, _ inquiry: Inquiry) throws -> OpenSheet? {
        guard let sheet = try inquiry.sheet(row, onlooker) else { return nil }
        return OpenSheet(
            inquiry: inquiry, row: row, sheet: sheet, answers: try inquiry.answers(row, onlooker), closed: try inquiry.closed(row, onlooker)
        )
    }

    /// What this record asks, for a colleague who may see it; nil when it asks nothing.
    public func sheet(of row: Row) throws -> OpenSheet? {
        guard let inquiry = catalog.inquiry(of: row.schema.name), let whole = try whole(row.schema, id: row.id) else { return nil }
        return try sheet(of: whole, inquiry)
    }
}

extension GateTransaction {
    /// A colleague writes down the answers of a record's person, all pages at once.
    public func answer(_ schema: Schema, id: Int64, _ input: [String: [String]], isLast: Bool) throws {
        let row = try reachable(schema, id: id, "update")
        guard let found = try sheet(of: row) else { throw Refusal.notFound }
        if let closed = found.closed { throw Refusal.conflict(closed) }
        let given = try found.sheet.read(input, of: found.sheet.questions)
        let answers = found.answers.merging(given) { $1 }
        if isLast {
            let missing = found.sheet.missing(answers, of: found.sheet.asked(answers))
            guard missing.isEmpty else { throw Problems(missing) }
        }
        try found.inquiry.keep(found.row, given, Inquiry.Hand(isLast: isLast, isColleague: true), self)
    }
}
