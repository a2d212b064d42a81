import Gate
import Hummingbird
import Logging
import Markup
import NIOCore
import Records

/// What the web server needs to know besides the gate.
public struct WebSettings: Sendable {
    public var assets: AssetStore
    /// Cookies only over TLS, and HSTS: set when a proxy with TLS stands before us.
    public var isSecure = false
    /// Believe `X-Forwarded-For` of the proxy before us.
    public var trustsProxy = false
    /// Where uploaded files and sheets lie.
    public var dataFolder: String
    public var version: String
    /// Why writes are refused right now; nil when all is well.
    public var health: @Sendable () -> String?
    /// What set-up asks a company about itself.
    public var trades: [Trade] = []
    /// Live pages at once, of all users.
    public var mostStreams = 1000
    /// Answer `/metrics`.
    public var hasMetrics = false
    /// Opens every door to commands on this machine that can read the data folder.
    public var localSecret: String?

    public init(assets: AssetStore, dataFolder: String, version: String, health: @escaping @Sendable () -> String?) {
        self.assets = assets
        self.dataFolder = dataFolder
        self.version = version
        self.health = health
    }
}

/// All routes: pages, REST, assets, health.
public struct WebApp: Sendable {
    let gate: Gate
    let accounts: Accounts
    let settings: WebSettings

    public init(gate: Gate, accounts: Accounts, settings: WebSettings) {
        self.gate = gate
        self.accounts = accounts
        self.settings = settings
    }

    public func router() -> Router<WebContext> {
        let site = Site(gate: gate, accounts: accounts, assets: settings.assets, isSecure: settings.isSecure, trades: settings.trades)
        let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: Gzip())
        router.add(middleware: SecureHeaders(isBehindTLS: settings.isSecure))
        router.add(middleware: AnswerErrors(page: { failure, request, context in await site.errorPage(failure, request, context) }))
        router.add(middleware: RefuseTracing())
        router.add(middleware: Authenticate(accounts: accounts, trustsProxy: settings.trustsProxy, localSecret: settings.localSecret))
        // Once more, where it is known who asks: their language, theme and way back.
        router.add(middleware: AnswerErrors(page: { failure, request, context in await site.errorPage(failure, request, context) }))
        router.add(middleware: FirstThings())

        router.get("healthz", use: health)
        router.get("assets/{version}/**") { request, context in
            try settings.assets.answer(context.parameters.getCatchAll().joined(separator: "/"), for: request)
        }
        let api = router.group("api/v1")
        SessionAPI(gate: gate, accounts: accounts).add(to: api)
        SchemaAPI(gate: gate).add(to: api)
        SearchAPI(gate: gate).add(to: api)
        PacksAPI(gate: gate).add(to: api)
        JobsAPI(gate: gate, jobs: Jobs(gate)).add(to: api)
        ExchangeAPI(gate: gate, folder: settings.dataFolder).add(to: api)
        DuplicatesAPI(gate: gate, jobs: Jobs(gate)).add(to: api)
        EntityAPI(gate: gate, accounts: accounts, idempotency: Idempotency(gate)).add(to: api)
        router.get("api/openapi.json") { _, context in
            let login = context.login
            return Response.json(
                OpenAPI(catalog: gate.catalog, showsOwn: login != nil, rights: login?.actor.rights).document(version: settings.version))
        }
        WebApp.refuseOtherMethods(of: router)

        HomePages(site: site).add(to: router)
        NotificationPages(site: site).add(to: router)
        SearchPages(site: site).add(to: router)
        LogInPages(site: site).add(to: router)
        SetUpPages(site: site).add(to: router)
        GuidePages(site: site).add(to: router)
        PublicForms(site: site).add(to: router)
        AnswerPages(site: site).add(to: router)
        DeskPages(site: site).add(to: router)
        MePages(site: site).add(to: router)
        PasswordPages(site: site).add(to: router)
        TwoStepPages(site: site).add(to: router)
        DevicePages(site: site).add(to: router)
        PreferencePages(site: site).add(to: router)
        TokenPages(site: site).add(to: router)
        CalendarFeedPages(site: site).add(to: router)
        SettingsPages(site: site, version: settings.version).add(to: router)
        EventStream(gate: gate, accounts: accounts, most: settings.mostStreams).add(to: router)
        FilePages(site: site, folder: settings.dataFolder).add(to: router)
        ExchangePages(site: site, folder: settings.dataFolder).add(to: router)
        BulkPages(site: site).add(to: router)
        PrintPages(site: site).add(to: router)
        DuplicatePages(site: site).add(to: router)
        GatherPages(site: site).add(to: router)
        ViewPages(site: site).add(to: router)
        FilterPages(site: site).add(to: router)
        CellPages(site: site).add(to: router)
        PreviewPages(site: site).add(to: router)
        InboxPages(site: site).add(to: router)
        BoardPages(site: site).add(to: router)
        CalendarPages(site: site).add(to: router)
        StatisticsPages(site: site).add(to: router)
        DashboardPages(site: site).add(to: router)
        MessagePages(site: site).add(to: router)
        ReportIssuePages(site: site).add(to: router)
        ReportPages(site: site).add(to: router)
        LinesPages(site: site).add(to: router)
        EntityPages(site: site).add(to: router)
        return router
    }

    /// An address of the API that is asked by a method it does not have says which it has (RFC 9110, 15.5.6).
    private static func refuseOtherMethods(of router: Router<WebContext>) {
        let known = Dictionary(grouping: router.routes.filter { $0.path.description.hasPrefix("/api/") }, by: \.path.description).mapValues
        { $0.map(\.method) }
        for (path, own) in known {
            // Where there is GET, the router answers HEAD too.
            let methods = (own + (own.contains(.get) ? [.head] : [])).sorted { $0.rawValue < $1.rawValue }
            router.on(RouterPath(path), method: .options) { _, _ in
                Response(status: .noContent, headers: [.allow: (methods + [.options]).map(\.rawValue).joined(separator: ", ")])
            }
            for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] where !methods.contains(method) {
                router.on(RouterPath(path), method: method) { (_, _) -> Response in throw HTTPAnswer.methodNotAllowed(methods) }
            }
        }
    }

    @Sendable private func health(_ request: Request, _ context: WebContext) async throws -> Response {
        if let trouble = settings.health() {
            return .json(
                Array(Plain.object(["status": "unavailable", "reason": .text(trouble)]).jsonText.utf8), status: .serviceUnavailable)
        }
        return .json(Array("{\"status\":\"ok\"}".utf8))
    }
}
