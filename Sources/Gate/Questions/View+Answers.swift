import Records

extension View {
    /// So many values of a dimension stand for themselves; the others stand together.
    static let mostKeys = 24, mostSeries = 7
    /// So many days, weeks, months at the most, the latest.
    static let mostTimes = 60

    /// Whether the actor may ask this; nothing is counted.
    /// - Throws: ``Refusal`` for fields the actor may not read, and for what cannot be counted.
    public func check(_ question: Question) throws { _ = try prepared(question) }

    /// The numbers a question asks for, of what the actor may see.
    /// - Throws: as ``check(_:)``.
    public func answer(_ question: Question) throws -> Answer {
        var earlier: ListRequest?
        var (answer, request, axes) = try prepared(question)
        let measures = try question.measures.map { try resolved($0, in: answer.schema) }
        if let span = question.span, let field = answer.schema[span.field] {
            let bounds = span.bounds(now.day, question.comparison)
            answer.present = field.filters(from: bounds.present.from, to: bounds.present.to, path: field.name)
            answer.past = field.filters(from: bounds.before.from, to: bounds.before.to, path: field.name)
            var past = request
            past.filter = past.filter && field.lies(from: bounds.before.from, to: bounds.before.to)
            earlier = past
            request.filter = request.filter && field.lies(from: bounds.present.from, to: bounds.present.to)
            answer.before = try totals(past, measures)
        }
        answer.totals = try totals(request, measures)
        if let first = axes.first { answer.keys = try keys(first, request, measures, answer, most: View.mostKeys, isCut: &answer.isCut) }
        if let earlier, let first = axes.first, axes.count == 1, !first.isTime {
            let known = Dictionary(
                try summary(earlier, by: [first.group], measures, order: .largest).compactMap { line in
                    line.keys.first.map { ($0, line.values) }
                }, uniquingKeysWith: { first, _ in first })
            for place in answer.keys.indices where !answer.keys[place].isRest {
                answer.keys[place].before = known[answer.keys[place].value] ?? measures.map { $0.isCounted ? 0 : .null }
            }
        }
        if axes.count > 1 {
            answer.series = try keys(axes[1], request, measures, answer, most: View.mostSeries, isCut: &answer.isCut)
            try fill(&answer, axes.map(\.group), request, measures)
        }
        return answer
    }

    private func prepared(_ question: Question) throws -> (Answer, ListRequest, [Axis]) {
        let schema = try schema(named: question.entity)
        let measures = try question.measures.map { try measured($0, in: schema) },
            axes = try question.dimensions.map { try axis($0, in: schema) }
        guard axes.count <= 2 else { throw Refusal.unreadable("最多按两个字段统计") }
        if let span = question.span {
            let field = try readable(span.field, in: schema)
            guard field.isTime else { throw Refusal.unreadable("「\(field.label)」不是日期，不能按时期统计") }
        }
        var request = try ListQuery(question.records, schema, self).request(self)
        // Numbers have no order: a field that only sorts the list need not be readable.
        (request.cursor, request.order, request.sort) = (nil, nil, [])
        var answer = Answer(question: question, schema: schema, measures: measures)
        answer.labels = axes.map(\.label)
        answer.isTimed = axes.first?.isTime ?? false
        return (answer, request, axes)
    }

    private func totals(_ request: ListRequest, _ measures: [Summary.Measure]) throws -> [Value] {
        let values = try summary(request, by: [], measures).first?.values ?? measures.map { _ in .null }
        return zip(measures, values).map { $0.isCounted && $1.isNull ? 0 : $1 }
    }

    /// The numbers where both dimensions cross; what belongs to neither's own values is added to the rest.
    private func fill(_ answer: inout Answer, _ groups: [Summary.Group], _ request: ListRequest, _ measures: [Summary.Measure]) throws {
        let lines = try summary(request, by: groups, measures, order: .largest, limit: 1000)
        if lines.count == 1000 { answer.isCut = true }
        let keys = Set(answer.keys.filter { !$0.isRest }.map(\.value)), series = Set(answer.series.filter { !$0.isRest }.map(\.value))
        for line in lines where line.keys.count == 2 {
            let cell = Answer.Cell(
                key: keys.contains(line.keys[0]) ? line.keys[0] : Answer.restMark,
                series: series.contains(line.keys[1]) ? line.keys[1] : Answer.restMark)
            guard let known = answer.cells[cell] else {
                answer.cells[cell] = line.values
                continue
            }
            answer.cells[cell] = zip(measures, zip(known, line.values)).map { measure, pair in
                measure.addsUp ? Value.sum(pair.0, pair.1) : .null
            }
        }
    }

    /// The values of one dimension with their numbers, in the order in which people read them.
    private func keys(
        _ axis: Axis, _ request: ListRequest, _ measures: [Summary.Measure], _ answer: Answer, most: Int, isCut: inout Bool
    ) throws -> [Answer.Key] {
        let field = axis.field, group = axis.group
        if axis.isTime {
            let lines = try summary(request, by: [group], measures, order: .keysDescending, limit: View.mostTimes + 2)
            return times(lines, axis, measures, isCut: &isCut)
        }
        if case .bounds(let bounds) = group.grain {
            let lines = try summary(request, by: [group], measures)
            return (0...bounds.count).map { band(.int(Int64($0)), lines, axis, measures) }
                + lines.filter { $0.keys.first?.isNull == true }.compactMap { blank($0, axis) }
        }
        let lines = try summary(request, by: [group], measures, order: .largest, limit: 1000)
        if lines.count == 1000 { isCut = true }
        let ids = field.target == nil ? [] : lines.prefix(most).compactMap { $0.keys.first?.int }
        // Names as `include` gives them: a chart asks about records by the thousand, it shows no record on which the name stands.
        let target = field.target.flatMap { catalog[$0] },
            titles = try target.map { may("read", $0) ? try self.titles($0, ids: ids) : [:] } ?? [:]
        var keys = lines.prefix(lines.count > most ? most - 1 : most).map { line in
            let value = line.keys.first ?? .null
            return Answer.Key(
                value: value, label: label(value, field, titles), short: label(value, field, titles),
                tone: value.text.flatMap { field.kind.option($0)?.tone }, filters: axis.filters(value),
                totals: line.values)
        }
        keys = keys.filter { !$0.value.isNull } + keys.filter(\.value.isNull)
        if answer.question.chart != .pareto { keys = try ordered(keys, axis, measures, withUnused: most == View.mostKeys) }
        if lines.count > keys.count, let rest = try rest(Array(lines.dropFirst(most - 1)), beside: keys, axis, request, measures, answer) {
            keys.append(rest)
        }
        return keys
    }

    private func band(_ value: Value, _ lines: [Summary.Line], _ axis: Axis, _ measures: [Summary.Measure]) -> Answer.Key {
        let label = axis.label(value, actor.language) ?? "",
            totals = lines.first { $0.keys.first == value }?.values ?? measures.map { $0.isCounted ? 0 : .null }
        return Answer.Key(value: value, label: label, short: label, filters: axis.filters(value), totals: totals)
    }

    private func label(_ value: Value, _ field: FieldSpec, _ titles: [Int64: String]) -> String {
        if value.isNull { return actor.language("未填写", "Empty") }
        if field.target != nil, let id = value.int { return titles[id] ?? "#\(id)" }
        return field.kind.show(value, in: actor.language)
    }

    /// Choices as they are declared, with those that nobody chose, set-up records that have places (stages) in these; everything else,
    /// people among it, stays as it is.
    private func ordered(_ keys: [Answer.Key], _ axis: Axis, _ measures: [Summary.Measure], withUnused: Bool) throws -> [Answer.Key] {
        let field = axis.field
        var wanted: [Value] = []
        if let choices = field.kind.choices {
            guard choices.count <= View.mostKeys else { return keys }
            wanted = choices.map { .text($0.code) }
        } else if field.isLink, let target = field.target.flatMap({ catalog[$0] }), target.traits.nature == .shared,
            target["position"] != nil, may("read", target)
        {
            wanted = try page(ListRequest(target, limit: 200)).rows.map { .int($0.id) }
        }
        guard !wanted.isEmpty else { return keys }
        let places = Dictionary(wanted.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var all = keys
        if let choices = field.kind.choices, withUnused, keys.count < View.mostKeys {
            let present = Set(keys.map(\.value))
            for option in choices where !present.contains(.text(option.code)) {
                let value = Value.text(option.code)
                all.append(
                    Answer.Key(
                        value: value, label: option.label(in: actor.language), short: option.label(in: actor.language), tone: option.tone,
                        filters: axis.filters(value), totals: measures.map { $0.isCounted ? 0 : .null }))
            }
        }
        return all.enumerated().sorted { (places[$0.element.value] ?? .max, $0.offset) < (places[$1.element.value] ?? .max, $1.offset) }
            .map(\.element)
    }

    /// What found no room of its own; a record with several tags is no part of a rest.
    private func rest(
        _ lines: [Summary.Line], beside keys: [Answer.Key], _ axis: Axis, _ request: ListRequest, _ measures: [Summary.Measure],
        _ answer: Answer
    ) throws -> Answer.Key? {
        let field = axis.field
        guard !lines.isEmpty, !field.isLinks else { return nil }
        var totals = measures.indices.map { place -> Value in
            guard measures[place].addsUp, place < answer.totals.count else { return .null }
            return keys.reduce(answer.totals[place]) { Value.difference($0, $1.totals[place]) }
        }
        let known = keys.filter { !$0.value.isNull }.compactMap { $0.filters?.first?.value }
        var filters: [(name: String, value: String)]?
        if axis.group.link == nil, known.allSatisfy({ !$0.contains(",") }), field.comparisons.contains(.notIn) {
            filters = [("filter[\(field.name)][not_in]", known.joined(separator: ","))]
            if keys.contains(where: \.value.isNull) { filters?.append(("filter[\(field.name)][not_empty]", "true")) }
        }
        if let filters, !measures.allSatisfy(\.addsUp) {
            var narrowed = request
            narrowed.filter = narrowed.filter && ListQuery.condition(try ListQuery(QueryItems(filters), answer.schema, self).filters(self))
            totals = try self.totals(narrowed, measures)
        }
        return Answer.Key(
            value: .null, label: actor.language("其他", "Others"), short: actor.language("其他", "Others"), filters: filters, totals: totals,
            isRest: true)
    }

    /// Times one after another, without gaps, those without a day at the end.
    private func times(_ lines: [Summary.Line], _ axis: Axis, _ measures: [Summary.Measure], isCut: inout Bool) -> [Answer.Key] {
        let grain = axis.group.grain
        func key(_ value: Value, _ totals: [Value]) -> Answer.Key? {
            guard let time = TimeKey(value, grain, actor.language) else { return nil }
            return Answer.Key(
                value: value, label: time.label, short: time.short,
                filters: axis.field.filters(from: time.from, to: time.to, path: axis.path), totals: totals)
        }
        let dated = lines.filter { $0.keys.first?.isNull == false }
        let known = Dictionary(
            dated.compactMap { line in line.keys.first.map { ($0, line.values) } }, uniquingKeysWith: { first, _ in first })
        guard let newest = dated.first?.keys.first.flatMap({ TimeKey($0, grain, actor.language) }),
            let oldest = dated.last?.keys.first.flatMap({ TimeKey($0, grain, actor.language) })
        else {
            return lines.compactMap { blank($0, axis) }
        }
        // Backwards from the newest, so that what is left out is the oldest.
        var times: [Answer.Key] = [], day = newest.from
        while day >= oldest.from, times.count < View.mostTimes {
            let value = TimeKey.value(day, grain)
            if let key = key(value, known[value] ?? measures.map { $0.isCounted ? 0 : .null }) { times.append(key) }
            guard let before = TimeKey(TimeKey.value(start(of: day - 1, grain), grain), grain, actor.language), before.from < day else {
                break
            }
            day = before.from
        }
        if let last = times.last, let shown = TimeKey(last.value, grain, actor.language),
            shown.from > oldest.from || dated.count > View.mostTimes
        {
            isCut = true
        }
        return times.reversed() + lines.compactMap { blank($0, axis) }
    }

    private func blank(_ line: Summary.Line, _ axis: Axis) -> Answer.Key? {
        guard line.keys.first?.isNull == true else { return nil }
        return Answer.Key(
            value: .null, label: actor.language("未填写", "Empty"), short: actor.language("未填写", "Empty"), filters: axis.filters(.null),
            totals: line.values)
    }

    private func start(of day: Day, _ grain: Summary.Grain) -> Day {
        switch grain {
        case .week: Day.Stretch.week.start(of: day)
        case .month: Day.Stretch.month.start(of: day)
        case .quarter: Day.Stretch.quarter.start(of: day)
        case .year: Day.Stretch.year.start(of: day)
        case .day, .value, .bounds, .ages: day
        }
    }
}

extension FieldSpec {
    /// The conditions by which a list finds the records with this value; nil when no condition says it.
    func filters(_ value: Value, path: String) -> [(name: String, value: String)]? {
        // An option that is gone cannot be asked for.
        if kind.choices != nil, let code = value.text, kind.option(code) == nil { return nil }
        if kind.isYesNo { return [("filter[\(path)]", value.int == 1 ? "true" : "false")] }
        return (value.text ?? value.int.map(String.init)).map { [("filter[\(path)]", $0)] }
    }

    /// From a day to the day before another.
    func filters(from: Day, to: Day, path: String) -> [(name: String, value: String)] {
        [("filter[\(path)][gte]", from.iso), ("filter[\(path)][lt]", to.iso)]
    }

    func lies(from: Day, to: Day) -> Condition {
        let time = kind.time ?? .instant
        return .field(name, .gte, time.start(of: from)) && .field(name, .lt, time.start(of: to))
    }
}

extension Value {
    /// Of two numbers; what is none counts as nothing, and what is too large stays as large as can be.
    static func sum(_ a: Value, _ b: Value) -> Value {
        if case .int(let x) = a, case .int(let y) = b { return .int(x.adding(clamping: y)) }
        guard let x = a.real else { return b }
        // bounded: floating-point.
        return b.real.map { .real(x + $0) } ?? a
    }

    static func difference(_ a: Value, _ b: Value) -> Value {
        if case .int(let x) = a, case .int(let y) = b { return .int(x.subtracting(clamping: y)) }
        guard let x = a.real else { return .null }
        // bounded: floating-point.
        return b.real.map { .real(x - $0) } ?? a
    }
}
