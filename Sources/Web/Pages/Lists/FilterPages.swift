import Gate
import Hummingbird
import Markup
import Records

/// What a filter's form leads to: the list's address with the condition in it, or the form again with what is wrong.
struct FilterPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/filter", use: apply)
    }

    @Sendable func apply(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        var response = try await site.page(request, context) { page in
            let list = try ListPage(page, try page.view.schema(named: name), withRecords: false)
            return try FilterAnswer(list: list).answer
        }
        if response.status == .ok { response.status = .badRequest }
        return response
    }
}

private struct FilterAnswer {
    let list: ListPage

    private var page: Page { list.page }
    private var number: Int? { page.items["fe"].flatMap(Int.init) }

    var answer: PageAnswer {
        get throws {
            let subject = try list.query.subject(page.items["ff"] ?? "", page.view)
            guard let ask = FilterForm.ask(page.items, subject) else {
                return try raw(subject)
            }
            do {
                return .redirect(try address(try list.query.conditions(ask, on: subject, page.view), of: subject))
            } catch let problem as Problem {
                return refused(FilterForm(list: list, subject: subject, ask: ask, number: number, problem: problem).element)
            }
        }
    }

    /// The advanced form: the comparison and the value as an address has them.
    private func raw(_ subject: FilterSubject) throws -> PageAnswer {
        let op = Operator(rawValue: page.items["fo"] ?? "") ?? .eq
        do {
            return .redirect(try address([FilterCondition(subject.path, op, page.items["fv"] ?? "")], of: subject))
        } catch let Refusal.unreadable(why) {
            return refused(
                Group {
                    div(.class("err"), .role("alert")) {
                        page.site.icon("circle-alert", "sm"); why
                    }
                    list.rawForm(path: subject.path, op: op, number: number)
                })
        }
    }

    private func refused(_ form: some HTML) -> PageAnswer {
        let content = form.node
        return page.isFragment ? .status(.badRequest, content) : .shell(list.shell(of: .addfilter, content))
    }

    /// - Throws: ``Refusal/unreadable(_:)`` for what the list could not answer.
    private func address(_ conditions: [FilterCondition], of subject: FilterSubject) throws -> String {
        let builder = FilterBuilder(items: list.state), items: QueryItems
        if let number, let old = list.clauses.first(where: { $0.filters.contains { $0.index == number } }) {
            items = builder.replacing(list.family(of: old).flatMap { $0.filters.map(\.index) }, with: conditions)
        } else {
            items = builder.adding(conditions, joining: page.items["fg"] ?? "")
        }
        _ = try ListQuery(items, list.schema, page.view).filters(page.view)
        return "/\(list.schema.name)" + items.suffix
    }
}

extension ListPage {
    /// A clause, and for a city that of its province: they were chosen together and are changed together.
    func family(of clause: FilterClause) -> [FilterClause] {
        let paths = Set(clause.subject.family.map(\.path))
        return clauses.filter { other in
            other.filters[0].index == clause.filters[0].index
                || other.place == clause.place && other.place == .plain && paths.contains(other.subject.path)
        }
    }
}
