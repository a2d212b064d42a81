import Formats
import Gate
import Hummingbird
import Records

/// What a list's statistics are taken away as.
struct StatisticsPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/stats.csv", use: csv)
    }

    @Sendable func csv(_ request: Request, _ context: WebContext) async throws -> Response {
        guard context.login != nil else { return site.toLogin(request) }
        let name = try context.entity(), items = try QueryItems(parsing: request.uri.query)
        let (bytes, label) = try await site.gate.read(as: try context.actor()) { view in
            let query = try ListQuery(items, try view.schema(named: name), view)
            let answer = try view.answer(try Statistics.question(query, view))
            return (answer.csv(view.actor.language), query.schema.label)
        }
        var response = Response.bytes(bytes, "text/csv; charset=utf-8")
        response.headers[.contentDisposition] = ContentDisposition.attachment("\(label)统计.csv")
        return response
    }
}
