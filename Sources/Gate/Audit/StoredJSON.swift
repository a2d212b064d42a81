import Formats
import Records

extension Plain {
    /// The JSON a client sent.
    public init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .list(let values): self = .list(values.map(Plain.init))
        case .object(let members): self = .object(Dictionary(members.map { ($0.0, Plain($0.1)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// Reads JSON text; nil when it is none.
    public init?(jsonText text: String) {
        guard let json = try? JSONText.parse(text) else { return nil }
        self.init(json)
    }

    public func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let flag): json.bool(flag)
        case .int(let number): json.int(number)
        case .real(let number): json.real(number)
        case .text(let text): json.string(text)
        case .list(let values):
            json.beginArray()
            for value in values { value.write(to: &json) }
            json.endArray()
        case .object(let members):
            json.beginObject()
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                json.key(key)
                value.write(to: &json)
            }
            json.endObject()
        }
    }

    /// JSON with its keys in order, so that equal values give equal text.
    public var jsonText: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension Value {
    /// The stored form as JSON says it.
    var asPlain: Plain {
        switch self {
        case .null: .null
        case .int(let number): .int(number)
        case .real(let number): .real(number)
        case .text(let text): .text(text)
        case .list(let values): .list(values.map(\.asPlain))
        }
    }

    init(asPlain plain: Plain) {
        switch plain {
        case .null, .object: self = .null
        case .bool(let flag): self = .int(flag ? 1 : 0)
        case .int(let number): self = .int(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .list(let values): self = .list(values.map(Value.init(asPlain:)))
        }
    }
}
