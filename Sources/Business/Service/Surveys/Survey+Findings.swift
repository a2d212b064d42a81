import Records

/// §3.6, A30: what a survey found — each figure with its interval and the number of answers, hidden while they are too few.
extension Survey {
    static func findings(_ survey: Record<Survey>, _ look: any Looking) throws -> [Finding] {
        let counted = \SurveyResponse.survey == survey.id && \SurveyResponse.status == .submitted,
            own = [("survey_id", String(survey.row.id)), ("status", "submitted")]
        let invited = survey.invited ?? 0, answered = survey.answered ?? 0, least = try look.int(SurveyParameters.leastShown)
        var found = [
            Finding(
                "回收率", "Response rate", invited == 0 ? "—" : percent(100 * Double(answered) / Double(invited)),
                note: Words("邀请 \(invited) 份，回收 \(answered) 份", "\(invited) invited, \(answered) answered"), of: SurveyResponse.name, own)
        ]
        guard answered >= least else {
            found.append(Finding("结果", "Results", "—", note: Words("答卷不足 \(least) 份，暂不显示结果", "Shown from \(least) responses on")))
            return found
        }
        let nps = try counts("nps", counted, look), csat = try counts("csat", counted, look), ces = try counts("ces", counted, look)
        if !nps.isEmpty { found.append(npsFinding(nps, own)) }
        if !csat.isEmpty { found.append(csatFinding(csat, own)) }
        if let mean = Satisfaction.mean(ces) {
            let n = ces.values.reduce(0, +), easy = (ces[6] ?? 0) + (ces[7] ?? 0)
            found.append(
                Finding(
                    "CES 费力程度（7 为毫不费力）", "CES (7 is effortless)", decimal(mean.mean),
                    note: Words(
                        "95% 区间 \(decimal(mean.interval.low))–\(decimal(mean.interval.high))；6–7 分占 "
                            + "\(percent(100 * Double(easy) / Double(n)))；n=\(n)",
                        "95% interval \(decimal(mean.interval.low)) to \(decimal(mean.interval.high)); "
                            + "\(percent(100 * Double(easy) / Double(n))) gave 6–7; n=\(n)"
                    ), of: SurveyResponse.name, own + [("ces[not_empty]", "1")],
                    bars: distribution(1...7, ces, "ces", own) { $0 >= 6 ? .ok : $0 <= 2 ? .bad : .accent }))
        }
        if let csi = try csiFinding(survey, counted, own, look) { found.append(csi) }
        if let quotes = try quotes(counted, own, look) { found.append(quotes) }
        return found
    }

    /// How often each value was given.
    private static func counts(_ field: String, _ condition: Condition, _ look: any Looking) throws -> [Int: Int] {
        let asked = Query(look.catalog.schema(SurveyResponse.self), where: condition && .field(field, .notEmpty))
        let lines = try look.summarize(Summary(asked, by: [Summary.Group(field)])).compactMap { line -> (Int, Int)? in
            guard let value = line.keys.first?.int, let count = line.values.first?.int else { return nil }
            return (Int(truncatingIfNeeded: value), Int(truncatingIfNeeded: count))
        }
        return Dictionary(lines, uniquingKeysWith: +)
    }

    private static func npsFinding(_ counts: [Int: Int], _ own: [(String, String)]) -> Finding {
        func sum(_ range: ClosedRange<Int>) -> Int { range.reduce(0) { $0 + (counts[$1] ?? 0) } }
        let nps = Satisfaction.NPS(promoters: sum(9...10), passives: sum(7...8), detractors: sum(0...6))
        // Few answers: the honest interval.
        let interval = nps.n < 30 ? nps.adjusted : nps.wald
        return Finding(
            "NPS 净推荐值", "NPS", signed(nps.score), tone: nps.score >= 0 ? .ok : .bad,
            note: Words(
                "95% 区间 \(signed(interval.low)) 到 \(signed(interval.high))；推荐 \(nps.promoters)、中立 \(nps.passives)、贬损 \(nps.detractors)；"
                    + "n=\(nps.n)",
                "95% interval \(signed(interval.low)) to \(signed(interval.high)); \(nps.promoters) promoters, \(nps.passives) passives, "
                    + "\(nps.detractors) detractors; n=\(nps.n)"
            ),
            of: SurveyResponse.name, own + [("nps[not_empty]", "1")],
            bars: distribution(0...10, counts, "nps", own) { $0 >= 9 ? .ok : $0 >= 7 ? .warn : .bad })
    }

    private static func csatFinding(_ counts: [Int: Int], _ own: [(String, String)]) -> Finding {
        let n = counts.values.reduce(0, +), top = (counts[4] ?? 0) + (counts[5] ?? 0), interval = Satisfaction.wilson(top, of: n)
        let mean = Satisfaction.mean(counts).map { decimal($0.mean) } ?? "—"
        return Finding(
            "CSAT 满意率（4–5 分）", "CSAT (4–5)", percent(100 * Double(top) / Double(n)),
            note: Words(
                "95% 区间 \(percent(interval.low))–\(percent(interval.high))；平均 \(mean) 分；n=\(n)",
                "95% interval \(percent(interval.low)) to \(percent(interval.high)); mean \(mean); n=\(n)"), of: SurveyResponse.name,
            own + [("csat[not_empty]", "1")],
            bars: distribution(1...5, counts, "csat", own) { $0 >= 4 ? .ok : $0 == 3 ? .warn : .bad })
    }

    /// Σ weight × the factor's mean place on its scale × 1000.
    private static func csiFinding(
        _ survey: Record<Survey>, _ counted: Condition, _ own: [(String, String)], _ look: any Looking
    ) throws -> Finding? {
        let items = try Questionnaire.items(of: survey.questionnaire, look).filter { $0.metric == .factor }
        guard !items.isEmpty else { return nil }
        let answers = Query(
            look.catalog.schema(SurveyAnswer.self),
            where: \SurveyAnswer.survey == survey.id && \SurveyAnswer.isCounted == true && .field("factor", .notEmpty)
                && .field("number", .notEmpty) && .compare(.init(link: "response_id", "status"), .eq, ["submitted"]))
        let lines = try look.summarize(Summary(answers, by: [Summary.Group("code")], measures: [.count, .average("number")]))
        var parts: [(weight: Double, share: Double)] = [], bars: [Finding.Bar] = [], n = 0
        for item in items {
            guard let code = item.code, let range = item.kind?.range, let line = lines.first(where: { $0.keys.first?.text == code }),
                let mean = line.values.last?.real
            else { continue }
            let share = (mean - Double(range.lowerBound)) / Double(range.upperBound - range.lowerBound)
            parts.append((Double(item.weight ?? 100), share))
            n = max(n, Int(truncatingIfNeeded: line.values.first?.int ?? 0))
            bars.append(
                Finding.Bar(
                    "\(item.factor ?? "")（权重 \(decimal(Double(item.weight ?? 100) / 100))）",
                    "\(Int((1000 * share).rounded())) · \(decimal(mean))", share: share, tone: .violet))
        }
        guard let csi = Satisfaction.csi(parts) else { return nil }
        let scores = try look.summarize(
            Summary(Query(look.catalog.schema(SurveyResponse.self), where: counted && .field("csi", .notEmpty)), by: [Summary.Group("csi")])
        )
        let byScore = Dictionary(
            scores.compactMap { line in
                line.keys.first?.int.flatMap { score in
                    line.values.first?.int.map { (Int(truncatingIfNeeded: score), Int(truncatingIfNeeded: $0)) }
                }
            }, uniquingKeysWith: +)
        let interval = Satisfaction.mean(byScore)?.interval
        let range = interval.map { "\(Int($0.low.rounded()))–\(Int($0.high.rounded()))" } ?? "—"
        return Finding(
            "CSI 满意度指数（0–1000）", "CSI (0–1000)", String(Int(csi.rounded())),
            note: Words("95% 区间 \(range)；n=\(n)；最弱：\(weakest(items, parts))", "95% interval \(range); n=\(n)"), of: SurveyResponse.name,
            own + [("csi[not_empty]", "1")], bars: bars)
    }

    private static func weakest(_ items: [Record<QuestionnaireItem>], _ parts: [(weight: Double, share: Double)]) -> String {
        zip(items, parts).min { $0.1.share < $1.1.share }?.0.factor ?? "—"
    }

    private static func quotes(_ counted: Condition, _ own: [(String, String)], _ look: any Looking) throws -> Finding? {
        let said = try look.all(
            SurveyResponse.self, where: counted && .field("comment", .notEmpty), sort: [Query.Sort("invited_at", descending: true)],
            limit: 12)
        guard !said.isEmpty else { return nil }
        var finding = Finding("客户原话", "In their words", "", of: SurveyResponse.name, own + [("comment[not_empty]", "1")])
        finding.quotes = said.map {
            Aid($0.nps.map { "\($0) 分" } ?? $0.no ?? "", $0.comment ?? "", entity: SurveyResponse.name, id: $0.row.id)
        }
        return finding
    }

    private static func distribution(
        _ range: ClosedRange<Int>, _ counts: [Int: Int], _ field: String, _ own: [(String, String)], tone: (Int) -> Tone
    ) -> [Finding.Bar] {
        let n = max(counts.values.reduce(0, +), 1), most = max(counts.values.max() ?? 1, 1)
        return range.reversed().map { value in
            let count = counts[value] ?? 0
            return Finding.Bar(
                String(value), "\(count) · \(percent(100 * Double(count) / Double(n)))", share: Double(count) / Double(most),
                tone: tone(value), own + [(field, String(value))])
        }
    }

    /// One decimal, without a float's tail.
    static func decimal(_ number: Double) -> String {
        let tenths = Int((abs(number) * 10).rounded())
        return (number < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
    }
    private static func percent(_ number: Double) -> String { decimal(number) + "%" }
    private static func signed(_ number: Double) -> String { (number >= 0.05 ? "+" : "") + decimal(number) }
}
