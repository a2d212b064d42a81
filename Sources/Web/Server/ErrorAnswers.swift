import Formats
import Gate
import Hummingbird
import Records

/// What went wrong, as a status, a title and the fields concerned. REST writes it as problem details (RFC 9457), pages show it.
struct Failure {
    var status: HTTPResponse.Status
    var title: String
    var detail: String
    var problems: [Problem] = []
    var retryAfter: Int?
    /// The methods that the address has, when it was asked by another.
    var allowed: [HTTPRequest.Method]?
    /// Ours to mend: logged with all that is known.
    var isInternal = false

    init(_ status: HTTPResponse.Status, _ title: String, _ detail: String) {
        self.status = status
        self.title = title
        self.detail = detail
    }

    init(_ error: any Error) {
        switch error {
        case let error as Refusal: self.init(error)
        case let error as Problems:
            self.init(.unprocessableContent, "输入有误", error.all.map(\.message).joined(separator: "；"))
            problems = error.all
            if error.all.contains(where: { $0.code == "duplicate" }), error.all.count == 1 { status = .conflict }
        case let error as Problem:
            self.init(Problems([error]))
        case let error as HTTPAnswer: self.init(error)
        case StoreError.unavailable(let why): self.init(Refusal.unavailable(why, retryAfter: 5))
        case StoreError.full(let why): self.init(Refusal.unavailable(why, retryAfter: 5))
        case StoreError.lost(let why): self.init(Refusal.unavailable(why, retryAfter: 30))
        case FormatError.formTooLarge:
            self.init(.contentTooLarge, "内容过大", "\(error)")
        case FormatError.unwritable:
            self.init(Refusal.unavailable("\(error)", retryAfter: 30))
        case let error as FormatError:
            self.init(.badRequest, "无法读取", "\(error)")
        case let error as HTTPError:
            self.init(error.status, error.status.reasonPhrase, error.body ?? error.status.reasonPhrase)
            if error.status == .notFound { self.init(HTTPAnswer.noSuchPage) }
        default:
            self.init(.internalServerError, "系统错误", "请稍后重试；如仍出现，请把请求编号告诉系统管理员。")
            isInternal = true
        }
    }

    private init(_ refusal: Refusal) {
        switch refusal {
        case .notFound: self.init(.notFound, "未找到", "记录不存在，或您无权查看。")
        case .forbidden(let why): self.init(.forbidden, "没有权限", why)
        case .conflict(let why): self.init(.conflict, "当前不能这样做", why)
        case .changedMeanwhile: self.init(.preconditionFailed, "记录已被修改", "在您打开之后，其他人修改了这条记录。请刷新后再试。")
        case .tooMany(let why, let seconds):
            self.init(.tooManyRequests, "过于频繁", why)
            retryAfter = seconds
        case .unavailable(let why, let seconds):
            self.init(.serviceUnavailable, "暂时不可用", why)
            retryAfter = seconds
        case .unreadable(let why): self.init(.badRequest, "无法读取", why)
        }
    }

    private init(_ answer: HTTPAnswer) {
        switch answer {
        case .notLoggedIn: self.init(.unauthorized, "未登录", "请先登录。")
        case .badRequest(let why): self.init(.badRequest, "无法读取", why)
        case .tooLarge(let why): self.init(.contentTooLarge, "内容过大", why)
        case .wrongType(let why): self.init(.unsupportedMediaType, "类型不支持", why)
        case .forged: self.init(.forbidden, "请求来源不明", "页面已过期，请刷新后重试。")
        case .noSuchPage: self.init(.notFound, "未找到", "没有这个地址。")
        case .absent(let what): self.init(.notFound, "未找到", what)
        case .methodNotAllowed(let methods):
            self.init(
                .methodNotAllowed, "方法不支持", "这个地址不支持该方法。" + (methods.isEmpty ? "" : "可用 \(methods.map(\.rawValue).joined(separator: "、"))。")
            )
            allowed = methods
        }
    }

    /// Problem details.
    func json(requestID: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("type"); json.string("about:blank")
        json.key("title"); json.string(title)
        json.key("status"); json.int(status.code)
        json.key("detail"); json.string(detail)
        json.key("request_id"); json.string(requestID)
        json.key("errors")
        json.beginArray()
        for problem in problems {
            json.beginObject()
            json.key("field")
            if let field = problem.field { json.string(field) } else { json.null() }
            json.key("code"); json.string(problem.code)
            json.key("message"); json.string(problem.message)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The answer of the API.
    func problemDetails(requestID: String) -> Response {
        var response = Response.bytes(json(requestID: requestID), "application/problem+json", status: status)
        if let allowed { response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

extension Response {
    static func bytes(_ bytes: [UInt8], _ type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        .bytes(bytes, "application/json; charset=utf-8", status: status)
    }
}
