import Gate
import Records

/// What a step of the guide does with what was filled in.
struct GuideWork {
    let site: Site
    let form: FormBody
    let actor: Actor

    private func t(_ chinese: String, _ english: String) -> String { actor.language(chinese, english) }

    // MARK: Trade

    /// Switches on what is ticked and off what is not.
    func choose() async throws -> String? {
        guard let trade = site.trades.first(where: { $0.code == form["trade"] }) else {
            throw Problems([Problem("trade", code: "required", t("请选择一项，或以后再说", "Choose one, or leave it for later"))])
        }
        let packs = GuideForm.packs(site.gate.catalog)
        let ticked = Set(form.all(GuideForm.field(trade))), isAsked = form[GuideForm.field(trade)] != nil
        let chosen = packs.filter { isAsked ? ticked.contains($0.name) : trade.packs.contains($0.name) }
        if isAsked { try check(chosen, of: trade) }
        let idle = isAsked ? packs.filter { pack in !chosen.contains { $0.name == pack.name } } : []
        // What needs most goes first.
        let off = try await turn(idle.sorted { $0.everythingNeeded.count > $1.everythingNeeded.count }, on: false)
        let on = try await turn(chosen, on: true)
        let words = PackWords(language: actor.language)
        let said = [on.isEmpty ? nil : words.switched(on, on: true), off.isEmpty ? nil : words.switched(off, on: false)].compactMap(\.self)
        return said.isEmpty ? nil : said.joined(separator: t("；", "; "))
    }

    private func check(_ chosen: [Pack], of trade: Trade) throws {
        let names = Set(chosen.map(\.name)), words = PackWords(language: actor.language)
        let problems = chosen.compactMap { pack -> Problem? in
            let missing = pack.everythingNeeded.filter { $0.isOptional && !names.contains($0.name) }
            guard !missing.isEmpty else { return nil }
            return Problem(
                GuideForm.field(trade), code: "needs",
                t(
                    "「\(pack.label.chinese)」需要\(words.names(missing))，请一并勾选，或不选「\(pack.label.chinese)」",
                    "\(pack.label.english) needs \(words.names(missing)): tick both or neither"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    private func turn(_ packs: [Pack], on: Bool) async throws -> [Pack] {
        var switched: [Pack] = []
        for pack in packs { switched += try await site.gate.switchPack(pack.name, on: on, as: actor) }
        return switched
    }

    // MARK: Places

    private struct Place {
        var number: Int
        var name: String
        var above: String
    }

    func addPlaces() async throws -> String? {
        let form = form
        let places = inOrder(
            GuideForm.filled(form).map { Place(number: $0, name: form.trimmed("name_\($0)"), above: form.trimmed("parent_\($0)")) })
        guard !places.isEmpty else { return nil }
        try await site.gate.write(as: actor) { tx in
            let schema = tx.catalog.schema(Department.self), root = try OrganisationPages.root(tx).id
            let present = try tx.page(ListRequest(schema, limit: 2000)).rows
            var ids = Dictionary(present.map { ($0.title, $0.id) }, uniquingKeysWith: { first, _ in first })
            _ = try tx.each(places.map { (number: $0.number, line: $0) }) { place in
                guard ids[place.name] == nil else {
                    throw Problems([Problem("name", code: "duplicate", "已有名为「\(place.name)」的部门或门店")])
                }
                guard let above = place.above.isEmpty ? root : ids[place.above] else {
                    throw Problems([Problem("parent", code: "not_found", "没有名为「\(place.above)」的部门")])
                }
                let kind = form["kind_\(place.number)"] ?? "department"
                ids[place.name] = try tx.create(schema, ["name": .text(place.name), "kind": .text(kind), "parent_id": .int(above)]).id
            }
        }
        return t("已添加 \(places.count) 个部门或门店", "\(places.count) added")
    }

    /// What stands above another of the same form is made first.
    private func inOrder(_ places: [Place]) -> [Place] {
        var open = places, order: [Place] = []
        while let index = open.firstIndex(where: { place in !open.contains { $0.name == place.above && $0.number != place.number } }) {
            order.append(open.remove(at: index))
        }
        return order + open
    }

    // MARK: People and parameters

    func hire() async throws -> [Accounts.NewUser] {
        let lines = GuideForm.filled(form).map { number -> (number: Int, fields: [String: Plain]) in
            var fields: [String: Plain] = [
                "name": .text(form.trimmed("name_\(number)")), "username": .text(form.trimmed("username_\(number)")), "roles": .list([]),
            ]
            if let role = form["role_\(number)"].flatMap(Int64.init) { fields["roles"] = .list([.int(role)]) }
            fields["department_id"] = form["department_\(number)"].flatMap(Int64.init).map(Plain.int) ?? .null
            return (number, fields)
        }
        do { return lines.isEmpty ? [] : try await site.accounts.createUsers(lines, as: actor) } catch let wrong as Problems {
            // The form has one role and calls it so.
            throw Problems(
                wrong.all.map { problem in
                    let field = problem.field?.replacing("roles_", with: "role_").replacing("department_id_", with: "department_")
                    return Problem(field, code: problem.code, problem.message)
                })
        }
    }

    func set() async throws -> String? {
        let asked = GuideForm.parameters(site.gate.catalog), form = form
        try await site.gate.write(as: actor) { tx in
            var problems: [Problem] = []
            for parameter in asked {
                guard let text = form[GuideForm.field(parameter)] else { continue }
                let present = try tx.value(of: parameter)
                if let typed = try? parameter.kind.parse(text.trimmed), typed == present { continue }
                do { try tx.set(parameter, to: text, reason: "首次设置") } catch let wrong as Problems {
                    problems += wrong.all.map { Problem(GuideForm.field(parameter), code: $0.code, $0.message) }
                }
            }
            guard problems.isEmpty else { throw Problems(problems) }
        }
        return t("参数已保存", "Saved")
    }
}

extension FormBody {
    fileprivate func trimmed(_ name: String) -> String { self[name]?.trimmed ?? "" }
}
