import Formats
import Gate
import Hummingbird
import Records

/// What a list's statistics are taken away as.
struct StatisticsPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/stats.csv", use: csv)
        router.get("{entity}/stats.xlsx", use: workbook)
    }

    @Sendable func csv(_ request: Request, _ context: WebContext) async throws -> Response {
        try await sheet(request, context, "csv", "text/csv; charset=utf-8") { answer, language in answer.csv(language) }
    }

    @Sendable func workbook(_ request: Request, _ context: WebContext) async throws -> Response {
        try await sheet(request, context, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") { answer, language in
            try answer.workbook(language)
        }
    }

    private func sheet(
        _ request: Request, _ context: WebContext, _ ending: String, _ type: String,
        _ write: @escaping @Sendable (Answer, Language) throws -> [UInt8]
    ) async throws -> Response {
        guard context.login != nil else { return site.toLogin(request) }
        let name = try context.entity(), items = try QueryItems(parsing: request.uri.query)
        let (bytes, label) = try await site.gate.read(as: try context.actor()) { view in
            let query = try ListQuery(items, try view.schema(named: name), view), language = view.actor.language
            return (try write(try view.answer(try Statistics.question(query, view)), language), query.schema.label(in: language))
        }
        var response = Response.bytes(bytes, type)
        response.headers[.contentDisposition] = ContentDisposition.attachment("\(label)\(context.language("统计", " statistics")).\(ending)")
        return response
    }
}
