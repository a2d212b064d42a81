import Gate
import Hummingbird
import Markup
import Records

/// What a company uses of the product: packs that an administrator switches on and off.
struct PackPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/packs", use: list)
        router.post("settings/packs/{name}/on", use: turnOn)
        router.post("settings/packs/{name}/off", use: turnOff)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("packs", request, context) { page in .shell(PackParts(page: page).list(try page.view.packs())) }
    }

    @Sendable func turnOn(_ request: Request, _ context: WebContext) async throws -> Response { try await turn(true, request, context) }
    @Sendable func turnOff(_ request: Request, _ context: WebContext) async throws -> Response { try await turn(false, request, context) }

    private func turn(_ on: Bool, _ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("packs", context)
        guard let name = context.parameters.get("name") else { throw Refusal.notFound }
        let switched = try await site.gate.switchPack(name, on: on, as: actor)
        return .done("/settings/packs", PackWords(language: context.language).switched(switched, on: on))
    }
}

/// What is said after a switch, by page and command alike.
struct PackWords {
    let language: Language

    func names(_ packs: [Pack]) -> String {
        packs.map { language("「\($0.label.chinese)」", $0.label.english) }.joined(separator: language("", ", "))
    }

    func switched(_ packs: [Pack], on: Bool) -> String {
        guard !packs.isEmpty else { return language("没有变化", "Nothing changed") }
        return on
            ? language("已启用\(names(packs))", "Switched on: \(names(packs))")
            : language("已停用\(names(packs))，记录保留", "Switched off: \(names(packs)). Its records are kept")
    }
}

struct PackParts {
    let page: Page
    private var words: PackWords { PackWords(language: page.language) }

    func list(_ states: [PackState]) -> Shell {
        page.settings(
            "/settings/packs", page.t("功能包", "Packs"),
            page.t(
                "按行业和业务启用需要的功能。停用后页面、字段、接口和定时任务都不再出现，记录一条不少，重新启用即恢复。",
                "What the company uses of the product. What is off is seen nowhere; nothing of it is lost.")
        ) {
            if states.isEmpty {
                section(.class("card")) {
                    page.nothing(
                        "package", page.t("没有可以启用或停用的功能包", "There are no packs to switch"),
                        page.t("这个版本的功能全部可用，不需要选择。", "Everything in this version is there for you."))
                }
            } else {
                div(.class("cards packs")) { for state in states { card(state) } }
            }
        }
    }

    private func card(_ state: PackState) -> Element {
        let id = "pack-\(state.pack.name)"
        return section(.class("card pack", state.isOn ? "on" : nil), .aria("labelledby", id)) {
            div(.class("card-h")) {
                span(.class("ico")) { page.site.icon(state.pack.icon) }
                h2(.id(id), .class("grow")) { state.pack.label(page.language) }
                span(.class("st", state.isOn ? "st-ok" : nil)) { state.isOn ? page.t("已启用", "On") : page.t("未启用", "Off") }
            }
            div(.class("card-b")) {
                p { state.pack.about(page.language) }
                facts(state)
            }
            div(.class("card-f row")) {
                span(.class("grow muted")) { kept(state) }
                button(state)
            }
        }
    }

    private func facts(_ state: PackState) -> Element {
        dl(.class("kv")) {
            if !state.entities.isEmpty {
                dt { page.t("包含", "Brings") }
                dd(.class("row wrap")) { for schema in state.entities { span(.class("tag")) { schema.label(in: page.language) } } }
            }
            for (entity, fields) in added(state) {
                dt { entity }
                dd { fields.joined(separator: page.t("、", ", ")) }
            }
            if !state.needs.isEmpty {
                dt { page.t("需要", "Needs") }
                dd { words.names(state.needs) }
            }
            if !state.dependents.isEmpty {
                dt { page.t("被需要", "Needed by") }
                dd { words.names(state.dependents) }
            }
        }
    }

    /// The fields it brings to entities of others, each entity once.
    private func added(_ state: PackState) -> [(entity: String, fields: [String])] {
        var added: [(entity: String, fields: [String])] = []
        for addition in state.additions {
            let entity = addition.schema.label(in: page.language), fields = addition.fields.map { $0.label(in: page.language) }
            if let place = added.firstIndex(where: { $0.entity == entity }) {
                added[place].fields += fields
            } else {
                added.append((entity, fields))
            }
        }
        return added
    }

    /// What lies there unseen.
    private func kept(_ state: PackState) -> String {
        state.isOn || state.records == 0 ? "" : page.t("\(number(state)) 条记录保留着", "\(number(state)) records are kept")
    }

    private func number(_ state: PackState) -> String {
        let digits = ListPage.grouped(state.records)
        return state.isCapped ? page.t("超过 \(digits)", "more than \(digits)") : digits
    }

    private func button(_ state: PackState) -> Element {
        let url = "/settings/packs/\(state.pack.name)", name = state.pack.label(page.language)
        guard state.isOn else {
            let along = state.pack.everythingNeeded.filter { $0.isOptional && !page.catalog.isOn($0) }
            return page.act(
                url + "/on", page.t("启用", "Switch on"), style: "btn btn-p",
                confirm: along.isEmpty ? nil : page.t("会一并启用\(words.names(along))。", "This also switches on \(words.names(along))."))
        }
        guard state.dependents.isEmpty else {
            let names = words.names(state.dependents)
            return span(.class("muted")) { page.t("先停用\(names)，才能停用它", "Switch off \(names) first") }
        }
        let unseen =
            state.records == 0
            ? page.t("它还没有记录。", "It has no records yet.")
            : page.t("\(number(state)) 条记录留在数据库里，停用期间看不到，重新启用后原样回来。", "\(number(state)) records stay, unseen until it is on again.")
        return page.act(
            url + "/off", page.t("停用", "Switch off"),
            confirm: page.t("停用「\(name)」：不会删除任何内容。\(unseen)", "Switch off \(name): nothing is deleted. \(unseen)"))
    }
}
