import Foundation
import Gate
import Hummingbird
import Markup
import Records

/// How to connect other programs, and what this one is.
struct DeveloperPages {
    let site: Site
    let version: String

    func add(to router: Router<WebContext>) {
        router.get("settings/api", use: api)
        router.get("settings/about", use: about)
    }

    @Sendable func api(_ request: Request, _ context: WebContext) async throws -> Response {
        let origin = (site.isSecure ? "https://" : "http://") + (request.head.authority ?? "127.0.0.1:8080")
        return try await site.page(request, context) { page in .shell(DeveloperPages.api(page, origin)) }
    }

    private static func api(_ page: Page, _ origin: String) -> Shell {
        page.settings(
            "/settings/api", "API", page.t("页面上能做的，程序也能做，权限相同。", "Whatever the pages can do, programs can, with the same rights.")
        ) {
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("三步开始", "Three steps") } }
                div(.class("card-b col")) {
                    p {
                        page.t("1. 在个人设置中新建一个令牌。", "1. Make a token in your settings."); " ";
                        a(.class("lnk"), .href("/me/tokens")) { page.t("API 令牌", "API tokens") }
                    }
                    p { page.t("2. 在请求头中带上它：", "2. Send it in a header:") }
                    pre { code { "curl -H 'Authorization: Bearer zk_…' \(origin)/api/v1/customers?limit=5" } }
                    p { page.t("3. 新建、修改、删除：", "3. Create, change, delete:") }
                    pre {
                        code {
                            "curl -X POST -H 'Authorization: Bearer zk_…' -H 'Content-Type: application/json' \\\n  -d '{\"name\":\"林知远\","
                                + "\"mobile\":\"13900000000\"}' \(origin)/api/v1/customers"
                        }
                    }
                }
                div(.class("card-f row")) {
                    a(.class("btn btn-p"), .href("/api/openapi.json"), .target("_blank")) {
                        page.site.icon("book-open"); page.t("OpenAPI 文档", "OpenAPI document")
                    }
                }
            }
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("约定", "Conventions") } }
                div(.class("card-b")) {
                    dl(.class("kv")) {
                        fact(page.t("金额", "Money"), page.t("整数，单位为分，字段名以 _cents 结尾", "Whole cents (fen); names end in _cents"))
                        fact(page.t("日期", "Days"), "YYYY-MM-DD")
                        fact(page.t("时间", "Instants"), "RFC 3339, UTC")
                        fact(page.t("筛选", "Filters"), "?filter[level]=A&filter[amount_cents][gte]=100000&sort=-created_at")
                        fact(
                            page.t("翻页", "Pages"),
                            page.t(
                                "?limit=50&cursor=…，下一页的 cursor 在上一页的 next 中", "?limit=50&cursor=…; the cursor is the last answer's next"))
                        fact(
                            page.t("重试", "Retries"),
                            page.t("POST 带 Idempotency-Key，24 小时内返回第一次的结果", "Idempotency-Key on POST gives the first answer for 24 hours"))
                        fact(
                            page.t("并发", "Concurrency"),
                            page.t("PATCH 带 If-Match，被改过则返回 412", "If-Match on PATCH answers 412 when it was changed"))
                        fact(
                            page.t("错误", "Errors"),
                            page.t("application/problem+json，errors 中逐字段说明", "application/problem+json, field by field"))
                    }
                }
            }
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("对象", "Entities") } }
                for schema in page.catalog.schemas where schema.traits.isPublic && page.view.may("read", schema) {
                    div(.class("setrow")) {
                        div { b { schema.label(in: page.language) } }; code { "/api/v1/\(schema.name)" }
                    }
                }
            }
        }
    }

    private static func fact(_ name: String, _ text: String) -> Node {
        Markup.Group {
            dt { name }; dd { text }
        }.node
    }

    @Sendable func about(_ request: Request, _ context: WebContext) async throws -> Response {
        let engine = String(describing: type(of: site.gate.store)).replacing("Store", with: ""), version = version
        return try await site.page(request, context) { page in .shell(try DeveloperPages.about(page, version, engine)) }
    }

    private static func about(_ page: Page, _ version: String, _ engine: String) throws -> Shell {
        let system = ProcessInfo.processInfo
        return page.settings("/settings/about", page.t("关于", "About"), page.t("知客 Zhike：知道每一位客户。", "Zhike: know every customer.")) {
            section(.class("card")) {
                div(.class("card-b")) {
                    dl(.class("kv")) {
                        fact(page.t("版本", "Version"), version)
                        fact(page.t("数据库", "Database"), engine)
                        fact(page.t("对象", "Entities"), String(page.catalog.schemas.count { $0.traits.isPublic }))
                        if SettingsMap.governs(page.actor, "audit") { fact(page.t("系统", "System"), system.operatingSystemVersionString) }
                        fact(page.t("服务器时间", "Server time"), page.view.now.shown)
                    }
                }
            }
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("功能", "Capabilities") } }
                for capability in page.catalog.capabilities where capability.name != "platform" {
                    div(.class("setrow")) {
                        div {
                            b { page.t(capability.label, capability.name.capitalized) }
                            p {
                                capability.entities.filter { $0.traits.isPublic }.map { $0.schema.label(in: page.language) }.joined(
                                    separator: page.t("、", ", "))
                            }
                        }
                    }
                }
            }
        }
    }
}
