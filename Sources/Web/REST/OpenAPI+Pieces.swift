import Records

/// The recurring pieces of the OpenAPI document.
extension OpenAPI {
    static let problem = Plain.object([
        "type": "object",
        "properties": .object([
            "type": .object(["type": "string"]), "title": .object(["type": "string"]), "status": .object(["type": "integer"]), "detail": .object(["type": "string"]),
            "request_id": .object(["type": "string"]),
            "errors": .object(["type": "array", "items": .object(["type": "object", "properties": .object([
                "field": .object(["type": .list(["string", "null"])]), "code": .object(["type": "string"]), "message": .object(["type": "string"]),
            ])])]),
        ]),
    ])

    static let empty = Plain.object(["description": "无内容"])
    static let job = content(["$ref": "#/components/schemas/Job"])

    static func content(_ schema: [String: Plain]) -> Plain {
        .object(["description": "成功", "content": .object(["application/json": .object(["schema": .object(schema)])])])
    }

    static func body(_ schema: Plain, required: Bool = true, type: String = "application/json") -> Plain {
        .object(["required": .bool(required), "content": .object([type: .object(["schema": schema])])])
    }

    static func query(_ name: String, _ type: String = "string") -> Plain {
        .object(["name": .text(name), "in": "query", "schema": .object(["type": .text(type)])])
    }

    static func path(_ name: String, _ type: String) -> Plain {
        .object(["name": .text(name), "in": "path", "required": .bool(true), "schema": .object(["type": .text(type)])])
    }

    static func header(_ name: String) -> Plain {
        .object(["name": .text(name), "in": "header", "schema": .object(["type": "string"])])
    }

    static let listParameters: [Plain] = [
        .object(["name": "limit", "in": "query", "schema": .object(["type": "integer", "minimum": .int(1), "maximum": .int(500)])]),
        query("cursor"), query("sort"), query("fields"), query("q"), query("in"), query("view", "integer"), query("include"),
        .object(["name": "count", "in": "query", "schema": .object(["type": "string", "enum": .list(["none"])])]),
        .object(["name": "filter", "in": "query", "style": "deepObject", "schema": .object(["type": "object"])]),
    ]

    static func operation(
        _ id: String, _ summary: String, tag: String, _ ok: [String: Plain], _ parameters: [Plain], body: Plain? = nil, codes: [Int] = [], isOpen: Bool = false
    ) -> Plain {
        var responses = ok
        for code in [400, 401, 403, 429, 503] + codes {
            responses[String(code)] = .object(["description": "问题说明", "content": .object(["application/problem+json": .object(["schema": .object(["$ref": "#/components/schemas/Problem"])])])])
        }
        var members: [String: Plain] = ["operationId": .text(id), "summary": .text(summary), "tags": .list([.text(tag)]), "responses": .object(responses)]
        if !parameters.isEmpty { members["parameters"] = .list(parameters) }
        if let body {
            members["requestBody"] = body
            for code in ["413", "415"] where responses[code] == nil { responses[code] = responses["400"] }
            members["responses"] = .object(responses)
        }
        if isOpen { members["security"] = .list([]) }
        return .object(members)
    }

    /// The routes that belong to no entity.
    static let fixedPaths: [String: Plain] = [
        "/api/v1/login": .object(["post": operation("login", "登录", tag: "账号", ["200": content(["type": "object"])], [], body: body(.object([
            "type": "object", "required": .list(["username", "password"]), "additionalProperties": .bool(false),
            "properties": .object(["username": .object(["type": "string"]), "password": .object(["type": "string"]), "code": .object(["type": "string"])]),
        ])), codes: [422], isOpen: true)]),
        "/api/v1/logout": .object(["post": operation("logout", "退出", tag: "账号", ["204": empty], [])]),
        "/api/v1/me": .object(["get": operation("me", "当前用户", tag: "账号", ["200": content(["type": "object"])], [])]),
        "/api/v1/schema": .object(["get": operation("schema", "所有对象", tag: "结构", ["200": content(["type": "object"])], [])]),
        "/api/v1/schema/{entity}": .object(["get": operation("schema_entity", "一个对象", tag: "结构", ["200": content(["type": "object"])], [path("entity", "string")], codes: [404])]),
        "/api/v1/search": .object(["get": operation("search", "全局搜索", tag: "搜索", ["200": content(["type": "object"])], [query("q"), query("limit", "integer")])]),
        "/api/v1/jobs/{id}": .object(["get": operation("job", "后台任务", tag: "任务", ["200": job], [path("id", "integer")], codes: [404])]),
        "/api/v1/jobs/{id}/cancel": .object(["post": operation("job_cancel", "取消任务", tag: "任务", ["200": job], [path("id", "integer")], codes: [404, 409])]),
        "/api/v1/jobs/{id}/revert": .object(["post": operation("job_revert", "撤销任务", tag: "任务", ["202": job], [path("id", "integer")], codes: [404, 409])]),
        "/api/v1/jobs/{id}/rejected": .object(["get": operation("job_rejected", "下载未导入的行", tag: "任务", ["200": .object(["description": "CSV"])], [path("id", "integer")], codes: [404])]),
        "/api/v1/undo/{operation}": .object(["post": operation("undo", "撤销操作", tag: "任务", ["200": content(["type": "object"])], [path("operation", "integer")], codes: [404, 409])]),
    ]
}
