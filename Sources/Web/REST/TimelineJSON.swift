import Formats
import Gate
import Records

/// A timeline item as the API answers it.
enum TimelineJSON {
    static func write(_ item: TimelineItem, _ view: View, to json: inout JSONWriter) throws {
        json.beginObject()
        json.key("at"); json.string(item.at.rfc3339)
        switch item.content {
        case .record(let row):
            json.key("kind"); json.string(row.schema.name)
            json.key("record")
            for row in try view.linked([row]) { try RecordJSON(row.schema, view).write(row, to: &json) }
        case .change(let entry, let action, let user, let changes):
            json.key("kind"); json.string("change")
            json.key("entry"); json.int(entry)
            json.key("action"); json.string(action)
            json.key("user_id")
            if let user { json.int(user) } else { json.null() }
            json.key("changes")
            json.beginArray()
            for change in changes {
                json.beginObject()
                json.key("field"); json.string(change.field.name)
                json.key("old"); write(change.old, change.field, to: &json)
                json.key("new"); write(change.new, change.field, to: &json)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }

    private static func write(_ value: Value, _ field: FieldSpec, to json: inout JSONWriter) {
        if case .text(let text) = value, field.kind.column != .text { json.string(text) } else { field.kind.plain(value).write(to: &json) }
    }
}
