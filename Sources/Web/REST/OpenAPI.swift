import Formats
import Gate
import Records

/// OpenAPI 3.1 of exactly the routes that exist, made from the catalog.
struct OpenAPI {
    let catalog: Catalog
    /// What the administrators of a company have added concerns its people only.
    var showsOwn = true
    /// Of whoever asks: what a role masks comes as a text.
    var rights: Rights?

    func document(version: String) -> [UInt8] {
        var paths: [String: Plain] = OpenAPI.fixedPaths
        var schemas: [String: Plain] = ["Problem": OpenAPI.problem, "Job": OpenAPI.jobState]
        for schema in catalog.schemas where catalog.standsAlone(schema) && (!schema.isCustom || showsOwn) {
            schemas[schema.name] = record(schema)
            schemas[schema.name + "_new"] = input(schema, isNew: true)
            schemas[schema.name + "_change"] = input(schema, isNew: false)
            for (path, item) in entityPaths(schema) { paths[path] = item }
        }
        let document: [String: Plain] = [
            "openapi": "3.1.0",
            "info": .object(["title": "知客 Zhike", "version": .text(version), "license": .object(["name": "MIT"])]),
            "servers": .list([.object(["url": "/"])]),
            "security": .list([.object(["bearer": .list([])])]),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(schemas),
                "securitySchemes": .object(["bearer": .object(["type": "http", "scheme": "bearer"])]),
            ]),
        ]
        return Array(Plain.object(document).jsonText.utf8)
    }

    // MARK: Schemas

    private func fields(_ schema: Schema) -> [FieldSpec] { schema.fields.filter { !$0.isCustom || showsOwn } }

    private func record(_ schema: Schema) -> Plain {
        var properties: [String: Plain] = [:]
        for field in fields(schema) where field.name != "deleted_at" { properties[field.name] = answered(field, of: schema) }
        return OpenAPI.object(properties, required: ["id"], title: schema.label)
    }

    private func input(_ schema: Schema, isNew: Bool) -> Plain {
        var properties: [String: Plain] = ["_confirm": .object(["type": "boolean", "description": "false：可能重复或可疑时不保存，先告知"])]
        for field in fields(schema) where !field.traits.isReadOnly { properties[field.name] = nullable(field) }
        properties.merge(OrganisationInput.properties(of: schema)) { $1 }
        let required = fields(schema).filter {
            $0.isRequired(from: "api") && !$0.traits.isReadOnly && $0.traits.initial == nil && $0.traits.onlyWhen == nil
                && $0.kind.numbering == nil
        }
        return OpenAPI.object(properties, required: isNew ? required.map(\.name) : [], isClosed: true)
    }

    /// As it is answered: what is masked is a text that the field itself would not take.
    private func answered(_ field: FieldSpec, of schema: Schema) -> Plain {
        let whole = nullable(field)
        guard isMasked(field, of: schema), var members = whole.object else { return whole }
        for bound in ["pattern", "format", "minLength", "maxLength", "enum"] { members[bound] = nil }
        if let types = members["type"]?.list, !types.contains("string") { members["type"] = .list(types + ["string"]) }
        return .object(members)
    }

    private func isMasked(_ field: FieldSpec, of schema: Schema) -> Bool {
        field.traits.isSensitive || schema.traits.pool?.masked.contains(field.name) == true || rights?.field(schema, field) == .masked
    }

    private func nullable(_ field: FieldSpec) -> Plain {
        var members = field.kind.openAPI
        if field.kind.isDocument { members = [:] }
        members["title"] = .text(field.label)
        if let type = members["type"]?.text { members["type"] = .list([.text(type), "null"]) }
        if let options = members["enum"]?.list { members["enum"] = .list(options + [.null]) }
        if field.traits.isReadOnly { members["readOnly"] = .bool(true) }
        return .object(members)
    }

    // MARK: Paths

    private func entityPaths(_ schema: Schema) -> [(String, Plain)] {
        let base = "/api/v1/\(schema.name)", id = OpenAPI.path("id", "integer")
        let record = OpenAPI.reference(schema.name), one = OpenAPI.content(record)
        let page = OpenAPI.content(
            OpenAPI.object(
                [
                    "items": OpenAPI.list(record), "next": .object(["type": .list(["string", "null"])]), "count": OpenAPI.integer,
                    "count_capped": OpenAPI.boolean,
                ], required: ["items", "next"]))
        let key = OpenAPI.header("Idempotency-Key"), match = OpenAPI.header("If-Match")
        func operation(
            _ name: String, _ summary: String, _ ok: [String: Plain], _ parameters: [Plain] = [], body: Plain? = nil, codes: [Int] = []
        ) -> Plain {
            OpenAPI.operation(
                "\(schema.name)_\(name)", "\(summary)\(schema.label)", tag: schema.label, ok, parameters, body: body, codes: codes)
        }
        var many: [String: Plain] = [
            "get": operation("list", "列出", ["200": page], OpenAPI.listParameters + [OpenAPI.query("deleted", "boolean")], codes: [404])
        ]
        var item: [String: Plain] = [
            "get": operation(
                "read", "读取", ["200": one, "304": OpenAPI.empty], [id, OpenAPI.query("include"), OpenAPI.query("fields")], codes: [404])
        ]
        var paths: [(String, Plain)] = []
        if schema.traits.nature != .log {
            if schema.traits.isCreatable {
                many["post"] = operation(
                    "create", "新建", ["201": one], [key], body: OpenAPI.body(OpenAPI.reference(schema.name + "_new")), codes: [409, 422])
            }
            item["patch"] = operation(
                "update", "修改", ["200": one, "202": one], [id, key, match], body: OpenAPI.body(OpenAPI.reference(schema.name + "_change")),
                codes: [404, 409, 412, 422])
            item["delete"] = operation("delete", "删除", ["204": OpenAPI.empty], [id, match], codes: [404, 409, 412, 422])
            paths.append((base + "/{id}/restore", .object(["post": operation("restore", "恢复", ["200": one], [id], codes: [404, 409])])))
            paths.append(
                (
                    base + "/{id}/merge",
                    .object([
                        "post": operation(
                            "merge", "合并", ["200": one], [id],
                            body: OpenAPI.body(
                                OpenAPI.object(
                                    [
                                        "ids": OpenAPI.list(OpenAPI.integer),
                                        "choices": .object(["type": "object", "additionalProperties": OpenAPI.integer]),
                                    ], required: ["ids"], isClosed: true)), codes: [404, 409, 422])
                    ])
                ))
            paths.append(
                (
                    base + "/bulk",
                    .object(["post": operation("bulk", "批量处理", ["202": OpenAPI.job], body: OpenAPI.body(OpenAPI.bulk), codes: [409, 422])])
                ))
            paths.append(
                (
                    base + "/import",
                    .object([
                        "post": operation(
                            "import", "导入", ["202": OpenAPI.job], body: OpenAPI.body(OpenAPI.sheet, type: "multipart/form-data"),
                            codes: [409, 413, 415, 422])
                    ])
                ))
            for action in schema.actions {
                paths.append(
                    (
                        base + "/{id}/actions/\(action.name)",
                        .object([
                            "post": OpenAPI.operation(
                                // Bringing a receivable back is not bringing it back from the bin.
                                "\(schema.name)_\(action.name == "restore" ? "action_" : "")\(action.name)",
                                "\(action.label)\(schema.label)", tag: schema.label,
                                ["200": one, "202": one], [id, key, match],
                                body: OpenAPI.body(parameters(of: action), required: action.parameters.contains(where: \.isRequired)),
                                codes: [404, 409, 412, 422]
                            )
                        ])
                    ))
            }
        }
        if !schema.rules.duplicates.isEmpty {
            let pair = OpenAPI.object(
                ["id": OpenAPI.integer, "first": record, "second": record, "message": OpenAPI.string, "exact": OpenAPI.boolean],
                required: ["id", "first", "second"])
            let pairs = OpenAPI.content(
                OpenAPI.object(
                    ["items": OpenAPI.list(pair), "next": .object(["type": .list(["integer", "null"])])], required: ["items", "next"]))
            paths.append(
                (
                    base + "/duplicates",
                    .object([
                        "get": operation(
                            "pairs", "疑似重复的", ["200": pairs], [OpenAPI.query("after", "integer"), OpenAPI.query("limit", "integer")])
                    ])
                ))
            paths.append((base + "/duplicates/scan", .object(["post": operation("scan", "查重：", ["202": OpenAPI.job])])))
            paths.append(
                (
                    base + "/duplicates/{pair}/different",
                    .object([
                        "post": operation("different", "标记为不是重复的", ["204": OpenAPI.empty], [OpenAPI.path("pair", "integer")], codes: [404])
                    ])
                ))
        }
        if schema.isOwned {
            let shares = OpenAPI.body(
                OpenAPI.object(
                    [
                        "user_id": OpenAPI.integer, "department_id": OpenAPI.integer, "can_write": OpenAPI.boolean,
                        "until": .object(["type": "string", "format": "date"]),
                    ], isClosed: true))
            paths.append(
                (
                    base + "/{id}/shares",
                    .object([
                        "get": operation("shares", "共享情况：", ["200": OpenAPI.content(OpenAPI.shares)], [id], codes: [404]),
                        "post": operation("share", "共享", ["204": OpenAPI.empty], [id], body: shares, codes: [404, 409, 422]),
                    ])
                ))
            paths.append(
                (
                    base + "/{id}/shares/{share}",
                    .object([
                        "delete": operation(
                            "unshare", "取消共享", ["204": OpenAPI.empty], [id, OpenAPI.path("share", "integer")], codes: [404])
                    ])
                ))
        }
        paths.append((base, .object(many)))
        paths.append(
            (
                base + "/stats",
                .object([
                    "get": operation("stats", "统计", ["200": OpenAPI.content(OpenAPI.answer)], OpenAPI.questionParameters, codes: [404])
                ])
            ))
        paths.append((base + "/{id}", .object(item)))
        paths.append(
            (
                base + "/{id}/timeline",
                .object([
                    "get": operation(
                        "timeline", "动态：", ["200": OpenAPI.content(OpenAPI.timeline)],
                        [id, OpenAPI.query("before"), OpenAPI.query("limit", "integer")], codes: [404])
                ])
            ))
        paths.append(
            (
                base + "/{id}/duplicates",
                .object([
                    "get": operation(
                        "duplicates", "相似记录：",
                        ["200": OpenAPI.content(OpenAPI.object(["items": OpenAPI.list(record)], required: ["items"]))], [id], codes: [404])
                ])
            ))
        paths.append(
            (
                base + "/{id}/reveal",
                .object([
                    "post": operation(
                        "reveal", "查看脱敏内容：",
                        [
                            "200": OpenAPI.content(
                                OpenAPI.object(["field": OpenAPI.string, "value": OpenAPI.string], required: ["field", "value"]))
                        ], [id],
                        body: OpenAPI.body(
                            OpenAPI.object(
                                ["field": OpenAPI.string, "reason": OpenAPI.string], required: ["field", "reason"], isClosed: true)),
                        codes: [404, 422])
                ])
            ))
        paths.append(
            (
                base + "/export",
                .object(["get": operation("export", "导出", ["200": OpenAPI.files], OpenAPI.exportParameters, codes: [404, 422])])
            ))
        return paths
    }

    private func parameters(of action: Action) -> Plain {
        var properties: [String: Plain] = [:]
        for parameter in action.parameters { properties[parameter.name] = nullable(parameter) }
        return OpenAPI.object(properties, required: action.parameters.filter(\.isRequired).map(\.name), isClosed: true)
    }
}
