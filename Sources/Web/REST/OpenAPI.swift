import Formats
import Gate
import Records

/// OpenAPI 3.1 of exactly the routes that exist, made from the catalog.
struct OpenAPI {
    let catalog: Catalog

    func document(version: String) -> [UInt8] {
        var paths: [String: Plain] = OpenAPI.fixedPaths
        var schemas: [String: Plain] = ["Problem": OpenAPI.problem, "Job": .object(["type": "object"])]
        for schema in catalog.schemas where catalog.standsAlone(schema) {
            schemas[schema.name] = .object(record(schema))
            schemas[schema.name + "_input"] = .object(input(schema))
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

    private func record(_ schema: Schema) -> [String: Plain] {
        var properties: [String: Plain] = [:]
        for field in schema.fields where field.name != "deleted_at" { properties[field.name] = nullable(field) }
        return ["type": "object", "title": .text(schema.label), "properties": .object(properties)]
    }

    private func input(_ schema: Schema) -> [String: Plain] {
        var properties: [String: Plain] = ["_confirm": .object(["type": "boolean", "description": "已知晓警告（可能重复、号码可疑），仍要保存"])]
        for field in schema.writable { properties[field.name] = nullable(field) }
        return ["type": "object", "properties": .object(properties), "additionalProperties": .bool(false)]
    }

    private func nullable(_ field: FieldSpec) -> Plain {
        var members = field.kind.openAPI
        if field.kind is JSONTextKind { members = [:] }
        members["title"] = .text(field.label)
        if let type = members["type"]?.text { members["type"] = .list([.text(type), "null"]) }
        if let options = members["enum"]?.list { members["enum"] = .list(options + [.null]) }
        if field.traits.isReadOnly { members["readOnly"] = .bool(true) }
        return .object(members)
    }

    // MARK: Paths

    private func entityPaths(_ schema: Schema) -> [(String, Plain)] {
        let base = "/api/v1/\(schema.name)", ref = "#/components/schemas/\(schema.name)"
        let one = OpenAPI.content(["$ref": .text(ref)])
        let page = OpenAPI.content(["type": "object", "properties": .object(["items": .object(["type": "array", "items": .object(["$ref": .text(ref)])]), "next": .object(["type": .list(["string", "null"])]), "count": .object(["type": "integer"]), "count_capped": .object(["type": "boolean"])])])
        let body = OpenAPI.body(.object(["$ref": .text(ref + "_input")]))
        let key = OpenAPI.header("Idempotency-Key"), match = OpenAPI.header("If-Match")
        let id = OpenAPI.path("id", "integer")
        func operation(_ name: String, _ summary: String, _ ok: [String: Plain], _ parameters: [Plain] = [], body: Plain? = nil, codes: [Int] = []) -> Plain {
            OpenAPI.operation("\(schema.name)_\(name)", "\(summary)\(schema.label)", tag: schema.label, ok, parameters, body: body, codes: codes)
        }
        var item: [String: Plain] = ["get": operation("list", "列出", ["200": page], OpenAPI.listParameters)]
        var record: [String: Plain] = ["get": operation("read", "读取", ["200": one, "304": OpenAPI.empty], [id, OpenAPI.query("include"), OpenAPI.query("fields")], codes: [404])]
        var paths: [(String, Plain)] = []
        if schema.traits.nature != .log {
            if schema.traits.isCreatable { item["post"] = operation("create", "新建", ["201": one], [key], body: body, codes: [409, 422]) }
            record["patch"] = operation("update", "修改", ["200": one], [id, key, match], body: body, codes: [404, 409, 412, 422])
            record["delete"] = operation("delete", "删除", ["204": OpenAPI.empty], [id], codes: [404, 409, 422])
            paths.append((base + "/{id}/restore", .object(["post": operation("restore", "恢复", ["200": one], [id], codes: [404, 409])])))
            paths.append((base + "/{id}/merge", .object(["post": operation("merge", "合并", ["200": one], [id], body: OpenAPI.body(.object([
                "type": "object", "required": .list(["ids"]), "additionalProperties": .bool(false),
                "properties": .object(["ids": .object(["type": "array", "items": .object(["type": "integer"])]), "choices": .object(["type": "object"])]),
            ])), codes: [404, 409, 422])])))
            paths.append((base + "/bulk", .object(["post": operation("bulk", "批量处理", ["202": OpenAPI.job], body: OpenAPI.body(.object(["type": "object"])), codes: [409, 422])])))
            paths.append((base + "/import", .object(["post": operation("import", "导入", ["202": OpenAPI.job], body: OpenAPI.body(.object([
                "type": "object", "required": .list(["file"]), "properties": .object(["file": .object(["type": "string", "contentMediaType": "application/octet-stream"]), "mapping": .object(["type": "string"]), "match": .object(["type": "string"]), "mode": .object(["type": "string"]), "dry_run": .object(["type": "string"])]),
            ]), type: "multipart/form-data"), codes: [409, 413, 415, 422])])))
            for action in schema.actions {
                paths.append((base + "/{id}/actions/\(action.name)", .object(["post": OpenAPI.operation(
                    "\(schema.name)_\(action.name)", "\(action.label)\(schema.label)", tag: schema.label, ["200": one], [id, key],
                    body: OpenAPI.body(.object(parameters(of: action)), required: action.parameters.contains(where: \.isRequired)), codes: [404, 409, 422]
                )])))
            }
        }
        if !schema.rules.duplicates.isEmpty {
            let pairs = OpenAPI.content(["type": "object", "properties": .object([
                "items": .object(["type": "array", "items": .object(["type": "object", "properties": .object([
                    "id": .object(["type": "integer"]), "first": .object(["$ref": .text(ref)]), "second": .object(["$ref": .text(ref)]),
                    "message": .object(["type": "string"]), "exact": .object(["type": "boolean"]),
                ])])]), "next": .object(["type": .list(["integer", "null"])]),
            ])])
            paths.append((base + "/duplicates", .object(["get": operation("pairs", "疑似重复的", ["200": pairs], [OpenAPI.query("after", "integer"), OpenAPI.query("limit", "integer")])])))
            paths.append((base + "/duplicates/scan", .object(["post": operation("scan", "查重：", ["202": OpenAPI.job])])))
            paths.append((base + "/duplicates/{pair}/different", .object(["post": operation("different", "标记为不是重复的", ["204": OpenAPI.empty], [OpenAPI.path("pair", "integer")], codes: [404])])))
        }
        if schema.isOwned {
            let shares = OpenAPI.body(.object(["type": "object", "additionalProperties": .bool(false), "properties": .object([
                "user_id": .object(["type": "integer"]), "department_id": .object(["type": "integer"]), "can_write": .object(["type": "boolean"]), "until": .object(["type": "string", "format": "date"]),
            ])]))
            paths.append((base + "/{id}/shares", .object([
                "get": operation("shares", "共享情况：", ["200": OpenAPI.content(["type": "object"])], [id], codes: [404]),
                "post": operation("share", "共享", ["204": OpenAPI.empty], [id], body: shares, codes: [404, 409, 422]),
            ])))
            paths.append((base + "/{id}/shares/{share}", .object(["delete": operation("unshare", "取消共享", ["204": OpenAPI.empty], [id, OpenAPI.path("share", "integer")], codes: [404])])))
        }
        paths.append((base, .object(item)))
        paths.append((base + "/{id}", .object(record)))
        paths.append((base + "/{id}/timeline", .object(["get": operation("timeline", "动态：", ["200": OpenAPI.content(["type": "object"])], [id, OpenAPI.query("before"), OpenAPI.query("limit", "integer")], codes: [404])])))
        paths.append((base + "/{id}/duplicates", .object(["get": operation("duplicates", "相似记录：", ["200": OpenAPI.content(["type": "object"])], [id], codes: [404])])))
        paths.append((base + "/{id}/reveal", .object(["post": operation("reveal", "查看脱敏内容：", ["200": OpenAPI.content(["type": "object"])], [id], body: OpenAPI.body(.object([
            "type": "object", "required": .list(["field", "reason"]), "additionalProperties": .bool(false), "properties": .object(["field": .object(["type": "string"]), "reason": .object(["type": "string"])]),
        ])), codes: [404, 422])])))
        paths.append((base + "/export", .object(["get": operation("export", "导出", ["200": .object(["description": "文件"])], [OpenAPI.query("format")] + OpenAPI.listParameters)])))
        return paths
    }

    private func parameters(of action: Action) -> [String: Plain] {
        var properties: [String: Plain] = [:]
        for parameter in action.parameters { properties[parameter.name] = nullable(parameter) }
        var members: [String: Plain] = ["type": "object", "additionalProperties": .bool(false), "properties": .object(properties)]
        let required = action.parameters.filter(\.isRequired).map { Plain.text($0.name) }
        if !required.isEmpty { members["required"] = .list(required) }
        return members
    }
}
