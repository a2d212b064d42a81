import Records

/// The stretch of time that a report is about.
public enum ReportPeriod: String, Sendable, CaseIterable {
    case twelveMonths = "m12", month, lastMonth = "last_month", quarter, lastQuarter = "last_quarter", year, lastYear = "last_year", all

    public var label: Words {
        switch self {
        case .twelveMonths: Words("近12个月", "12 months")
        case .month: Words("本月", "This month")
        case .lastMonth: Words("上月", "Last month")
        case .quarter: Words("本季", "This quarter")
        case .lastQuarter: Words("上季", "Last quarter")
        case .year: Words("今年", "This year")
        case .lastYear: Words("去年", "Last year")
        case .all: Words("全部", "All time")
        }
    }

    /// As filters on a day or a moment, in words that move with the day.
    func filters(_ field: String) -> [(name: String, value: String)] {
        func between(_ from: String, _ to: String) -> [(name: String, value: String)] {
            [("filter[\(field)][gte]", from), ("filter[\(field)][lt]", to)]
        }
        switch self {
        case .twelveMonths: return between("month-11", "month+1")
        case .month: return between("month", "month+1")
        case .lastMonth: return between("month-1", "month")
        case .quarter: return between("quarter", "quarter+1")
        case .lastQuarter: return between("quarter-1", "quarter")
        case .year: return between("year", "year+1")
        case .lastYear: return between("year-1", "year")
        case .all: return []
        }
    }
}

/// Whose records a question is about, beside what its asker may see.
public enum Whose: String, Sendable, CaseIterable {
    case all, me, team

    /// As filters on the owner of an entity, unless the question already says whose.
    public func filters(_ schema: Schema, _ question: Question) -> [(name: String, value: String)] {
        guard let name = schema.ownerSlot.flatMap(schema.field(at:))?.name,
            !question.records.pairs.contains(where: { $0.name.hasPrefix("filter[\(name)]") })
        else { return [] }
        return switch self {
        case .all: []
        case .me: [("filter[\(name)]", "me")]
        case .team: [("filter[\(name)][in]", "my_subordinates")]
        }
    }
}

extension ReportDefault.Part {
    /// What it asks of a period and of whose work.
    public func question(_ schema: Schema, _ period: ReportPeriod = .twelveMonths, _ whose: Whose = .all) throws -> Question {
        let question = try Question(QueryItems(parsing: question), of: entity)
        // bounded: conditions.
        return question.asked(of: (time.map(period.filters) ?? []) + whose.filters(schema, question))
    }
}

/// What a ``Figure`` came to.
public struct FigureAnswer: Sendable {
    public let figure: Figure
    public let over: Answer, under: Answer
    /// Nil when there is nothing to measure against.
    public let value: Double?
}

extension View {
    /// The product's reports of which the actor may ask something.
    public func readyReports() -> [ReportDefault] {
        catalog.reports.compactMap { report in
            var report = report
            report.parts = report.parts.filter { part in
                (try? schema(named: part.entity)).flatMap { schema in try? part.question(schema) }.map { (try? check($0)) != nil } ?? false
            }
            report.figures = report.figures.filter { figure in
                [figure.over, figure.under].allSatisfy { term in
                    (try? Question(QueryItems(parsing: term.question), of: term.entity)).map { (try? check($0)) != nil } ?? false
                }
            }
            return report.parts.isEmpty ? nil : report
        }
    }

    /// One of them.
    public func readyReport(_ code: String) throws -> ReportDefault {
        guard let report = readyReports().first(where: { $0.code == code }) else { throw Refusal.notFound }
        return report
    }

    public func answer(_ figure: Figure, _ whose: Whose = .all) throws -> FigureAnswer {
        func ask(_ term: Figure.Term) throws -> Answer {
            let question = try Question(QueryItems(parsing: term.question), of: term.entity)
            return try answer(question.asked(of: whose.filters(try schema(named: term.entity), question)))
        }
        let over = try ask(figure.over), under = try ask(figure.under)
        guard let part = over.totals.first?.real, let whole = under.totals.first?.real, whole != 0 else {
            return FigureAnswer(figure: figure, over: over, under: under, value: nil)
        }
        let scale: Double =
            switch figure.unit {
            case .percent: 100
            case .permille: 1000
            case .days, .money, .number: 1
            }
        return FigureAnswer(figure: figure, over: over, under: under, value: part / whole * figure.times * scale)
    }
}

extension FigureAnswer {
    public func text(_ language: Language) -> String {
        guard let value else { return "—" }
        switch figure.unit {
        case .percent: return Answer.tenths(value) + "%"
        case .permille: return Answer.tenths(value) + "‰"
        case .days: return language("\(Answer.tenths(value)) 天", "\(Answer.tenths(value)) days")
        case .number: return Answer.tenths(value)
        case .money:
            return value.magnitude < 1e17
                ? "¥ " + MoneyKind(allowsNegative: true).show(.int(Int64(Int(nearest: value))), in: language) : "—"
        }
    }
}
