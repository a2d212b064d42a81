import Formats
import Gate
import Hummingbird
import Records

/// A form that was posted, with its anti-forgery token already checked.
struct FormBody {
    let pairs: [(name: String, value: String)]

    init(_ request: Request, _ context: WebContext, limit: Int = 1 << 20) async throws {
        guard let login = context.login else { throw HTTPAnswer.notLoggedIn }
        let bytes = try await request.bytes(limit: limit)
        do {
            pairs = try FormText.parse(bytes).pairs
        } catch {
            throw HTTPAnswer.badRequest("表单内容无法读取")
        }
        let token = request.headers[.csrfToken] ?? pairs.first { $0.name == "_csrf" }?.value
        guard let token, FormBody.equal(token, login.csrf) else { throw HTTPAnswer.forged }
    }

    /// A form whose token was compared already.
    init(_ form: FormText) { pairs = form.pairs }

    subscript(name: String) -> String? { pairs.last { $0.name == name }?.value }
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Everything typed, by name, to show it again.
    var typed: [String: [String]] { Dictionary(grouping: pairs, by: \.name).mapValues { $0.map(\.value) } }

    /// What was typed for the writable fields of an entity, as the gate reads it. A field that the form does not have is not touched.
    func input(for schema: Schema, _ view: View) throws -> [String: Plain] {
        var input: [String: Plain] = [:]
        for field in schema.writable where view.right(schema, field) == .edit {
            let values = all(field.name)
            guard !values.isEmpty || self[field.name + "_text"] != nil else { continue }
            input[field.name] = try plain(field, values, view)
        }
        return input
    }

    func plain(_ field: FieldSpec, _ values: [String], _ view: View) throws -> Plain {
        switch field.kind.editor {
        case .links, .choices:
            return .list(values.filter { !$0.isEmpty }.map { value in Int64(value).map(Plain.int) ?? .text(value) })
        case .link: return try linked(field, values.last, self[field.name + "_text"], view)
        default:
            return .text(values.last ?? "")
        }
    }

    /// Whether what was typed for a field is another value than this one; what the form does not have says nothing.
    func differs(_ field: FieldSpec, _ present: Value) -> Bool {
        let sent = all(field.name).filter { !$0.isEmpty }
        guard self[field.name] != nil, !field.isLines else { return false }
        switch field.kind.editor {
        case .links, .choices: return Set(sent) != Set(present.list?.compactMap { $0.text ?? LinksKind.id(of: $0).map(String.init) } ?? [])
        case .link: return sent.last.flatMap(Int64.init) != present.int
        case .yesNo: return (sent.last == "true") != (present == .int(1))
        default:
            let typed = sent.last ?? "", shown = present.isNull ? "" : field.kind.edit(present)
            return typed != shown && (try? field.kind.parse(typed)) != present
        }
    }

    /// What a picker sent: the id that was chosen, or — without scripts — the name that was typed.
    func linked(_ field: FieldSpec, _ id: String?, _ text: String?, _ view: View) throws -> Plain {
        let text = text?.trimmed
        if let text, text.isEmpty { return .null }
        if let id = id.flatMap(Int64.init) { return .int(id) }
        guard let text, let target = field.target.flatMap({ view.catalog[$0] }) else { return .null }
        let found = try view.identify(target, text)
        guard found.count == 1 else {
            throw Problems([
                Problem(
                    field.name, code: "not_found",
                    found.isEmpty ? "「\(field.label)」：没有找到“\(text)”" : "「\(field.label)」：有 \(found.count) 个“\(text)”，请从列表中选择")
            ])
        }
        return .int(found[0])
    }

    /// Compares in a time that does not depend on where they differ.
    static func equal(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8), b = Array(b.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
