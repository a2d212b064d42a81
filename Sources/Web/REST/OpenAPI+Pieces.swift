import Gate
import Records

/// The recurring pieces of the OpenAPI document.
extension OpenAPI {
    static let string = Plain.object(["type": "string"]), integer = Plain.object(["type": "integer"]),
        boolean = Plain.object(["type": "boolean"])
    static let anything = Plain.object(["type": "object"])
    private static let optionalText = Plain.object(["type": .list(["string", "null"])]),
        optionalNumber = Plain.object(["type": .list(["integer", "null"])])
    private static let instant = Plain.object(["type": "string", "format": "date-time"])

    static func object(_ properties: [String: Plain], required: [String] = [], isClosed: Bool = false, title: String? = nil) -> Plain {
        var members: [String: Plain] = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { members["required"] = .list(required.map(Plain.text)) }
        if isClosed { members["additionalProperties"] = .bool(false) }
        if let title { members["title"] = .text(title) }
        return .object(members)
    }

    static func list(_ item: Plain) -> Plain { .object(["type": "array", "items": item]) }
    static func choice(_ words: String...) -> Plain { choice(words) }
    static func choice(_ words: [String]) -> Plain { .object(["type": "string", "enum": .list(words.map(Plain.text))]) }
    static func reference(_ name: String) -> Plain { .object(["$ref": .text("#/components/schemas/\(name)")]) }
    private static func map(of value: Plain) -> Plain { .object(["type": "object", "additionalProperties": value]) }

    // MARK: What is answered

    static let problem = object(
        [
            "type": string, "title": string, "status": integer, "detail": string, "request_id": string,
            "errors": list(object(["field": optionalText, "code": string, "message": string], required: ["field", "code", "message"])),
        ], required: ["type", "title", "status", "detail", "request_id", "errors"])

    static let jobState = object(
        [
            "id": integer, "job": integer, "name": string, "label": string,
            "status": choice("waiting", "running", "done", "failed", "cancelled", "reverted"), "done": integer, "total": integer,
            "error": optionalText, "result": .object(["type": .list(["object", "null"])]), "operation": optionalNumber, "run_at": instant,
            "finished_at": .object(["type": .list(["string", "null"]), "format": "date-time"]),
        ], required: ["id", "name", "status", "done", "total"])

    static let timeline = object(
        [
            "items": list(
                object(
                    [
                        "at": instant, "kind": string, "record": anything, "entry": integer, "action": string, "user_id": optionalNumber,
                        "changes": list(
                            object(["field": string, "old": .object([:]), "new": .object([:])], required: ["field", "old", "new"])),
                    ], required: ["at", "kind"])),
            "next": optionalText,
        ], required: ["items", "next"])

    static let shares = object(
        [
            "items": list(
                object(
                    [
                        "id": integer, "user_id": optionalNumber, "department_id": optionalNumber, "can_write": boolean,
                        "until": optionalText,
                    ], required: ["id", "can_write"]))
        ],
        required: ["items"])

    private static let scopes = map(of: string)

    private static let me = object(
        [
            "id": integer, "name": string, "username": string, "department_id": optionalNumber, "language": choice("zh", "en"),
            "permissions": map(of: scopes),
            "system": list(string), "is_admin": boolean,
        ], required: ["id", "name", "username", "permissions", "is_admin"])

    private static let session = object(
        ["token": string, "expires_at": instant, "user": me, "must_change_password": boolean, "must_enrol_totp": boolean],
        required: ["token", "expires_at", "user"])

    private static let entities = object(
        [
            "entities": list(
                object(["name": string, "label": string, "custom": boolean, "rights": scopes], required: ["name", "label", "rights"]))
        ], required: ["entities"])

    private static let entity: Plain = {
        let option = object(["code": string, "label": string], required: ["code", "label"])
        let field = object(
            [
                "name": string, "label": string, "type": string, "required": boolean, "right": choice("masked", "read", "edit"),
                "custom": boolean, "operators": list(string),
                "target": string, "unit": string, "help": string, "options": list(option),
            ], required: ["name", "label", "type", "required", "right", "operators"])
        let parameter = object(
            ["name": string, "label": string, "type": string, "required": boolean], required: ["name", "type", "required"])
        let action = object(["name": string, "label": string, "parameters": list(parameter)], required: ["name", "label", "parameters"])
        return object(
            [
                "name": string, "label": string, "title": string, "custom": boolean, "fields": list(field), "actions": list(action),
                "rights": scopes,
            ],
            required: ["name", "label", "fields", "actions", "rights"])
    }()

    private static let found = object(
        ["groups": list(object(["entity": string, "label": string, "items": list(anything)], required: ["entity", "label", "items"]))],
        required: ["groups"])

    private static let pack = object(
        ["name": string, "label": string, "about": string, "on": boolean, "needs": list(string), "entities": list(string)],
        required: ["name", "label", "on", "needs", "entities"])

    private static let undone = object(["undone": integer, "conflicts": list(string)], required: ["undone", "conflicts"])

    /// What a question came to.
    static let answer: Plain = {
        let group = Plain.object(["type": .list(["string", "number", "boolean", "null"])])
        let number = Plain.object(["type": .list(["number", "null"])])
        let part = object(
            ["value": group, "label": string, "values": list(number), "records": .object(["type": .list(["string", "null"])])],
            required: ["value", "label", "values", "records"])
        let measure = object(["measure": string, "label": string], required: ["measure", "label"])
        return object(
            [
                "question": string, "measures": list(measure), "keys": list(part), "series": list(part),
                "values": list(list(list(number))), "totals": list(number),
                "before": .object(["type": .list(["array", "null"]), "items": number]), "capped": boolean,
            ], required: ["question", "measures", "keys", "series", "values", "totals", "capped"])
    }()

    static let empty = Plain.object(["description": "无内容"])
    static let job = content(reference("Job"))
    static let files: Plain = {
        let file = Plain.object(["schema": .object([:])])
        return .object([
            "description": "文件",
            "content": .object([
                "text/csv": file, "application/x-ndjson": file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": file,
            ]),
        ])
    }()

    static func content(_ schema: Plain) -> Plain {
        .object(["description": "成功", "content": .object(["application/json": .object(["schema": schema])])])
    }

    // MARK: What is sent

    static let bulk = object(
        ["ids": list(integer), "filter": anything, "q": string, "action": string, "values": anything], required: ["action"], isClosed: true)

    static let sheet = object(
        [
            "file": .object(["type": "string", "contentMediaType": "application/octet-stream"]), "mapping": string, "match": string,
            "mode": choice("add", "update", "both"),
            "create_linked": choice("true", "false"), "dry_run": choice("true", "false"), "sheet": string,
        ], required: ["file"])

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

    private static let listing = [
        query("sort"), query("fields"), query("q"), query("in"),
        chosen("mine", .object(["type": "string", "enum": .list(Mine.allCases.map { .text($0.rawValue) })])), query("view", "integer"),
        filter,
    ]
    private static let filter = Plain.object(["name": "filter", "in": "query", "style": "deepObject", "schema": anything])
    private static func chosen(_ name: String, _ words: Plain) -> Plain { .object(["name": .text(name), "in": "query", "schema": words]) }

    static let listParameters =
        listing + [
            chosen("limit", .object(["type": "integer", "minimum": .int(1), "maximum": .int(500)])), query("cursor"), query("include"),
            chosen("count", choice("none")),
        ]
    static let questionParameters = [
        query("by"), query("and"), query("measure"), query("span"), query("q"), query("in"),
        chosen("mine", .object(["type": "string", "enum": .list(Mine.allCases.map { .text($0.rawValue) })])), filter,
    ]
    static let exportParameters =
        listing + [
            chosen("format", choice(ExportRequest.Format.allCases.map(\.rawValue).sorted())), chosen("header", choice("labels", "names")),
        ]

    static func operation(
        _ id: String, _ summary: String, tag: String, _ ok: [String: Plain], _ parameters: [Plain], body: Plain? = nil, codes: [Int] = [],
        isOpen: Bool = false
    ) -> Plain {
        var responses = ok
        for code in [400, 401, 403, 429, 503] + codes {
            responses[String(code)] = .object([
                "description": "问题说明",
                "content": .object(["application/problem+json": .object(["schema": .object(["$ref": "#/components/schemas/Problem"])])]),
            ])
        }
        var members: [String: Plain] = [
            "operationId": .text(id), "summary": .text(summary), "tags": .list([.text(tag)]), "responses": .object(responses),
        ]
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
        "/api/v1/login": .object([
            "post": operation(
                "login", "登录", tag: "账号", ["200": content(session)], [],
                body: body(
                    object(["username": string, "password": string, "code": string], required: ["username", "password"], isClosed: true)),
                codes: [422], isOpen: true)
        ]),
        "/api/v1/logout": .object(["post": operation("logout", "退出", tag: "账号", ["204": empty], [])]),
        "/api/v1/me": .object(["get": operation("me", "当前用户", tag: "账号", ["200": content(me)], [])]),
        "/api/v1/schema": .object(["get": operation("schema", "所有对象", tag: "结构", ["200": content(entities)], [])]),
        "/api/v1/schema/{entity}": .object([
            "get": operation("schema_entity", "一个对象", tag: "结构", ["200": content(entity)], [path("entity", "string")], codes: [404])
        ]),
        "/api/v1/search": .object([
            "get": operation("search", "全局搜索", tag: "搜索", ["200": content(found)], [query("q"), query("limit", "integer")])
        ]),
        "/api/v1/packs": .object([
            "get": operation(
                "packs", "功能包", tag: "结构", ["200": content(object(["items": list(pack)], required: ["items"]))], [])
        ]),
        "/api/v1/packs/{name}/on": .object([
            "post": operation("pack_on", "启用功能包", tag: "结构", ["200": content(pack)], [path("name", "string")], codes: [404, 422])
        ]),
        "/api/v1/packs/{name}/off": .object([
            "post": operation("pack_off", "停用功能包", tag: "结构", ["200": content(pack)], [path("name", "string")], codes: [404, 409, 422])
        ]),
        "/api/v1/jobs/{id}": .object(["get": operation("job", "后台任务", tag: "任务", ["200": job], [path("id", "integer")], codes: [404])]),
        "/api/v1/jobs/{id}/cancel": .object([
            "post": operation("job_cancel", "取消任务", tag: "任务", ["200": job], [path("id", "integer")], codes: [404, 409])
        ]),
        "/api/v1/jobs/{id}/revert": .object([
            "post": operation(
                "job_revert", "撤销任务", tag: "任务", ["200": content(undone), "202": job], [path("id", "integer")], codes: [404, 409])
        ]),
        "/api/v1/jobs/{id}/rejected": .object([
            "get": operation(
                "job_rejected", "下载未导入的行", tag: "任务",
                [
                    "200": .object([
                        "description": "CSV", "content": .object(["text/csv": .object(["schema": string])]),
                    ])
                ], [path("id", "integer")], codes: [404])
        ]),
        "/api/v1/undo/{operation}": .object([
            "post": operation(
                "undo", "撤销操作", tag: "任务", ["200": content(undone), "202": job], [path("operation", "integer")], codes: [404, 409])
        ]),
    ]
}
