import Formats
import Foundation
import Gate
import Hummingbird
import Markup
import Records

/// The import wizard: upload, map the columns, check, run; and the downloads.
struct ExchangePages {
    let site: Site
    let folder: String
    private var imports: ImportJob { ImportJob(dataFolder: folder) }

    init(site: Site, folder: String) {
        self.site = site
        self.folder = folder
    }

    func add(to router: Router<WebContext>) {
        router.get("{entity}/import", use: start)
        router.post("{entity}/import", use: upload)
        router.get("{entity}/import/{place}", use: map)
        router.post("{entity}/import/{place}", use: run)
        router.get("{entity}/import/template", use: template)
        router.get("{entity}/export", use: export)
        router.get("jobs/{id}/rejected", use: ExchangeAPI(gate: site.gate, folder: folder).rejected)
    }

    private func steps(_ page: Page, _ present: Int) -> Element {
        let names = [page.t("上传", "Upload"), page.t("对应字段", "Map"), page.t("检查", "Check"), page.t("完成", "Done")]
        return ol(.class("steps")) {
            for (index, name) in names.enumerated() {
                li(.class(index < present ? "done" : ""), .aria("current", index == present ? "step" : nil)) { name }
            }
        }
    }

    @Sendable func start(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name), label = schema.label(in: page.language)
            guard page.view.may("import", schema) else { throw Refusal.forbidden("您没有导入\(schema.label)的权限，请联系系统管理员。") }
            return .shell(
                Shell(page.t("导入\(label)", "Import \(label.lowercased())"), active: name, crumbs: [(label, "/\(name)")], back: "/\(name)") {
                    div(.class("pagehead")) {
                        h1 { page.t("导入\(label)", "Import \(label.lowercased())") }
                        span(.class("grow")) {}
                        page.wayToGuide
                    }
                    div(.class("wiz")) {
                        steps(page, 0)
                        form(.class("card pad col"), .method("post"), .action("/\(name)/import"), .enctype("multipart/form-data")) {
                            page.csrfField
                            div(.class("drop drop-xl"), .data("drop")) {
                                Markup.label {
                                    site.icon("upload", "lg")
                                    span {
                                        page.t("拖入表格，或", "Drop a sheet, or "); b(.class("lnk")) { page.t("选择文件", "choose a file") }
                                    }
                                    input(.type("file"), .name("file"), .accept(".csv,.xlsx,.txt"), .required(true), .class("sr-only"))
                                }
                                ul(.class("files"), .data("files")) {}
                            }
                            p(.class("muted small")) {
                                page.t(
                                    "支持 CSV（UTF-8、GB18030、UTF-16，分隔符自动识别）和 Excel XLSX，行数不限。第一行应为列名。",
                                    "CSV in any common encoding, or XLSX; the first row holds the column names.")
                            }
                            div(.class("row")) {
                                a(.class("btn"), .href("/\(name)/import/template?format=xlsx"), .download()) {
                                    site.icon("download"); page.t("下载模板", "Template")
                                }
                                span(.class("grow")) {}
                                button(.class("btn btn-p")) { page.t("下一步", "Next") }
                            }
                        }
                    }
                })
        }
    }

    @Sendable func upload(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        let name = try context.entity(), imports = imports
        try await site.gate.read(as: login.actor) { view in
            guard view.may("import", try view.schema(named: name)) else { throw Refusal.forbidden("您没有导入的权限，请联系系统管理员。") }
        }
        var limits = MultipartLimits()
        limits.fileBytes = 1 << 30
        limits.bodyBytes = (1 << 30) + (1 << 20)
        try await imports.makeRoom(for: login.actor, in: site.gate)
        // Refused before any byte is taken, too.
        _ = try imports.newPlace(of: login.actor.userID)
        let (form, files) = try await Upload.read(request, limits: limits) { try imports.newPlace(of: login.actor.userID).path }
        guard let token = request.headers[.csrfToken] ?? form["_csrf"], FormBody.equal(token, login.csrf) else {
            for file in files { try? FileManager.default.removeItem(atPath: file.path) }
            throw HTTPAnswer.forged
        }
        guard let file = files.first, file.size > 0 else { throw Problems([Problem("file", code: "required", "请选择要导入的表格")]) }
        let place = String(file.path.split(separator: "/").last ?? "")
        return .redirect(to: "/\(name)/import/\(place)" + QueryItems([("name", file.name)]).suffix)
    }

    @Sendable func map(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), place = try context.parameters.require("place")
        guard let path = imports.path(of: place) else { throw Refusal.notFound }
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name), label = schema.label(in: page.language)
            guard page.view.may("import", schema) else { throw Refusal.forbidden("您没有导入\(schema.label)的权限，请联系系统管理员。") }
            var reader = try SheetReader.open(path: path)
            var samples: [[String]] = []
            while samples.count < 3, let row = try reader.next() { samples.append(row.cells) }
            let proposal = try page.view.proposeMapping(reader.header, into: schema)
            let saved = try page.view.savedMappings(of: schema)
            return .shell(
                Shell(page.t("导入\(label)", "Import \(label.lowercased())"), active: name, crumbs: [(label, "/\(name)")], back: "/\(name)") {
                    div(.class("pagehead")) { h1 { page.t("导入\(label)", "Import \(label.lowercased())") } }
                    div(.class("wiz")) {
                        steps(page, 1)
                        form(.class("col"), .method("post"), .action("/\(name)/import/\(place)")) {
                            page.csrfField
                            input(.type("hidden"), .name("file"), .value(page.items["name"] ?? ""))
                            if !saved.isEmpty {
                                p(.class("muted small")) {
                                    page.t("已按保存的方案对应：", "Saved mappings used: ") + saved.map(\.name).joined(separator: "、")
                                }
                            }
                            section(.class("card")) { mapping(proposal, samples, schema, page) }
                            section(.class("card")) { options(schema, page) }
                            div(.class("actionbar")) {
                                a(.class("btn"), .href("/\(name)/import")) { page.t("上一步", "Back") }
                                span(.class("grow")) {}
                                button(.class("btn"), .name("dry_run"), .value("true")) { page.t("先检查，不写入", "Dry run") }
                                button(.class("btn btn-p")) { page.t("开始导入", "Import") }
                            }
                        }
                    }
                })
        }
    }

    private func mapping(_ proposal: MappingProposal, _ samples: [[String]], _ schema: Schema, _ page: Page) -> Element {
        let targets = ExchangePages.targets(schema, page.view, page.language)
        return div(.class("tblwrap")) {
            table(.class("tbl map")) {
                thead {
                    tr {
                        th(.scope("col")) { page.t("文件中的列", "Column") }; th(.scope("col")) { page.t("样例", "Sample") }; th {};
                        th(.scope("col")) { page.t("对应字段", "Field") }
                    }
                }
                tbody {
                    for (index, column) in proposal.columns.enumerated() {
                        tr {
                            td {
                                b { column.header }; input(.type("hidden"), .name("header.\(index)"), .value(column.header))
                            }
                            td(.class("muted ellipsis")) {
                                String(
                                    samples.compactMap { index < $0.count && !$0[index].isEmpty ? $0[index] : nil }.prefix(2).joined(
                                        separator: "；"
                                    ).prefix(60))
                            }
                            td { site.icon("arrow-right", "sm") }
                            td {
                                select(
                                    .class("in in-sm"), .name("map.\(index)"),
                                    .aria("label", page.t("\(column.header) 对应字段", "Field for \(column.header)"))
                                ) {
                                    option(.value("")) { page.t("不导入", "Leave out") }
                                    for target in targets {
                                        option(.value(target.path), .selected(target.path == column.path)) { target.label }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The fields a column can fill: the entity's own and, one link deep, those of what it links to.
    /// - Parameter suits: which of them are wanted; all when nothing is said.
    static func targets(
        _ schema: Schema, _ view: View, _ language: Language, where suits: (Schema, FieldSpec) -> Bool = { _, _ in true }
    ) -> [(path: String, label: String)] {
        func fillable(_ schema: Schema) -> [FieldSpec] {
            schema.fields.filter { field in
                !field.isLines && field.kind.editor != .attachment
                    && (view.right(schema, field) == .edit || ["created_at", "created_by"].contains(field.name))
            }
        }
        var targets = fillable(schema).filter { suits(schema, $0) }.map { ($0.name, $0.label(in: language)) }
        for link in fillable(schema) where link.isLink && link.target != "users" && link.target != "departments" {
            guard let other = link.target.flatMap({ view.catalog[$0] }), other.isOwned, other.name != schema.name, view.may("read", other)
            else { continue }
            let prefix = link.name.hasSuffix("_id") ? String(link.name.dropLast(3)) : link.name
            targets += fillable(other).filter { suits(other, $0) }.map {
                ("\(prefix).\($0.name)", "\(link.label(in: language)) · \($0.label(in: language))")
            }
        }
        return targets
    }

    private func options(_ schema: Schema, _ page: Page) -> Element {
        let keys = ExchangePages.targets(schema, page.view, page.language) { $0.isKey($1) }, names = Set(keys.map(\.path))
        let usual =
            schema.rules.duplicates.first { $0.fields.allSatisfy(names.contains) }?.fields
            ?? schema.fields.filter { $0.traits.isUnique && names.contains($0.name) }.prefix(1).map(\.name)
        return div(.class("fields")) {
            div(.class("field")) {
                span(.class("lb"), .id("i-match")) { page.t("用哪些字段判断是同一条", "Match by") }
                div(.class("row wrap"), .role("group"), .aria("labelledby", "i-match"), .aria("describedby", "i-match-hint")) {
                    for key in keys {
                        Markup.label(.class("check")) {
                            input(
                                .type("checkbox"), .class("ck"), .name("match"), .value(key.path), .checked(usual.contains(key.path)))
                            key.label
                        }
                    }
                }
                span(.class("hint"), .id("i-match-hint")) {
                    page.t("勾选的都相同才算同一条；都不勾则每行都新建", "All that are ticked must agree; with none, every row makes a record")
                }
            }
            div(.class("field")) {
                Markup.label(.for("i-mode")) { page.t("方式", "Mode") }
                select(.class("in"), .id("i-mode"), .name("mode")) {
                    option(.value("both")) { page.t("已有的更新，没有的新建", "Add and update") }
                    option(.value("add")) { page.t("只新建", "Add only") }
                    option(.value("update")) { page.t("只更新", "Update only") }
                }
            }
            div(.class("field")) {
                Markup.label(.class("check")) {
                    input(.type("checkbox"), .class("ck"), .name("create_linked"), .value("true"));
                    page.t("关联的记录不存在时一并新建", "Create linked records that are missing")
                }
            }
            div(.class("field")) {
                Markup.label(.for("i-save")) { page.t("把对应关系存为方案（可空）", "Save this mapping as") }
                input(.class("in"), .id("i-save"), .name("save_as"), .maxlength(60))
            }
        }
    }

    @Sendable func run(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), place = try context.parameters.require("place"), form = try await FormBody(request, context),
            actor = try context.actor()
        var plan = ImportPlan(into: name)
        for pair in form.pairs where pair.name.hasPrefix("map.") && !pair.value.isEmpty {
            guard let header = form["header." + pair.name.dropFirst(4)] else { continue }
            plan.columns.append(.init(header, pair.value))
        }
        guard !plan.columns.isEmpty else { throw Problems([Problem("map", code: "required", "请至少对应一列")]) }
        plan.match = form.all("match").flatMap { $0.split(separator: ",") }.map { $0.trimmed }.filter { !$0.isEmpty }
        plan.mode = form["mode"].flatMap(ImportPlan.Mode.init) ?? .both
        plan.createsLinked = form["create_linked"] == "true"
        plan.isDryRun = form["dry_run"] == "true"
        if let name = form["save_as"]?.trimmed, !name.isEmpty {
            let kept = plan
            try await site.gate.write(as: actor) { tx in try tx.saveMapping(kept, as: name) }
        }
        let job = try await imports.start(plan, place: place, fileName: form["file"] ?? "", as: actor, in: site.gate)
        return .redirect(to: "/jobs/\(job)")
    }

    @Sendable func template(_ request: Request, _ context: WebContext) async throws -> Response {
        let format = try QueryItems(parsing: request.uri.query)["format"] ?? "xlsx"
        return try await ExportAnswer.template(
            site.gate, as: try context.actor(), entity: try context.entity(), format: format, language: context.language)
    }

    @Sendable func export(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { return site.toLogin(request) }
        return try await ExportAnswer.make(
            site.gate, as: login.actor, entity: try context.entity(), items: try QueryItems(parsing: request.uri.query))
    }
}

extension Schema {
    /// Whether records are told apart by it: what they are called, what is unique, what makes two of them the same.
    fileprivate func isKey(_ field: FieldSpec) -> Bool {
        field.isColumn && (field === title || field.traits.isUnique || rules.duplicates.contains { $0.fields.contains(field.name) })
    }
}
