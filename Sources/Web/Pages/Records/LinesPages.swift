import Gate
import Hummingbird
import Records

/// What the lines of a form come to before they are saved: the rules run on what was typed, and everything is taken back.
struct LinesPages {
    let site: Site

    func add(to router: Router<WebContext>) { router.post("{entity}/lines", use: weigh) }

    /// Thrown to take everything back, with what it came to.
    private struct Weighed: Error { let answer: Plain }

    @Sendable func weigh(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context), actor = try context.actor()
        do {
            try await site.gate.write(as: actor) { tx in
                let schema = try tx.schema(named: name)
                (tx.isTyped, tx.ignoresWarnings) = (true, true)
                let input = try form.input(for: schema, tx).merging(form.lines(of: schema, tx)) { first, _ in first }
                let row = try form["_id"].flatMap(Int64.init).map { try tx.update(schema, id: $0, input) } ?? tx.create(schema, input)
                throw Weighed(answer: try LinesPages.answer(try tx.record(schema, id: row.id), form, tx))
            }
        } catch let weighed as Weighed {
            return .json(Array(weighed.answer.jsonText.utf8))
        } catch let wrong as Problems {
            // What is not complete yet comes to nothing.
            return .json(Array(Plain.object(["note": .text(wrong.all.first?.message ?? "")]).jsonText.utf8))
        } catch is Refusal {}
        return .json(Array("{}".utf8))
    }

    private static func answer(_ row: Row, _ form: FormBody, _ tx: GateTransaction) throws -> Plain {
        let language = tx.actor.language
        var rows: [Plain] = []
        for field in row.schema.fields {
            guard let kind = field.kind.lines, let child = tx.catalog[kind.entity], tx.right(row.schema, field) >= .read else { continue }
            let columns = child.fields.filter { !SystemNames.hidden.contains($0.name) && tx.right(child, $0) >= .read && !$0.isLinks }
            for (index, line) in zip(try form.filled(field, child), try tx.lines(of: row, field)) {
                var given: [String: Plain] = [:], shown: [String: Plain] = [:]
                for column in columns where !line[column].isNull {
                    if column.traits.isReadOnly {
                        shown[column.name] = .text(column.kind.show(line[column], in: language))
                    } else if column.target == nil {
                        given[column.name] = .text(column.kind.edit(line[column]))
                    }
                }
                rows.append(.object(["row": .text("\(field.name).\(index)"), "given": .object(given), "shown": .object(shown)]))
            }
        }
        let sums = row.schema.fields.filter { field in
            field.traits.isReadOnly && (field.isMoney || field.kind is PercentKind) && tx.right(row.schema, field) >= .read
                && !row[field].isNull
        }
        return .object([
            "rows": .list(rows),
            "sums": .list(
                sums.map { .object(["label": .text($0.label(in: language)), "text": .text($0.kind.show(row[$0], in: language))]) }),
        ])
    }
}
