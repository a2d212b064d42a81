import Records

/// What is to be exported, and how.
public struct ExportRequest: Sendable {
    /// In the order in which they are offered. Pages, REST, OpenAPI and the command line follow;
    /// ``Exporter`` writes them.
    public enum Format: String, Sendable, CaseIterable {
        case xlsx, csv, jsonl

        /// As people call it.
        public var title: String {
            switch self {
            case .csv: "CSV"
            case .xlsx: "Excel"
            case .jsonl: "JSON Lines"
            }
        }

        /// Text that is written as it is read; else a file that can be read once it is closed.
        public var isStreamed: Bool { self != .xlsx }

        public var mediaType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            case .jsonl: "application/x-ndjson"
            }
        }
    }

    /// What stands in the first line.
    public enum Header: String, Sendable { case labels, names }

    public var list: ListRequest
    /// Field names, or one link deep `customer.code`; the fields that can be read and imported again when empty.
    public var fields: [String] = []
    public var format: Format
    public var header = Header.labels
    /// How the filter reads for people and the audit log; made from the condition when nil.
    public var filterText: String?
    /// Why, where the company asks for it.
    public var reason: String?

    public init(_ list: ListRequest, fields: [String] = [], format: Format) {
        self.list = list
        self.fields = fields
        self.format = format
    }
}

/// The columns of an export, with all that is the same in every row.
struct ExportColumns: Sendable {
    struct Column: Sendable {
        let field: FieldSpec
        /// The link that leads to the field's record.
        let link: FieldSpec?
        let heading: String
        let name: String
        let cell: ExportCell
    }

    let schema: Schema
    var columns: [Column] = []

    /// Needs many-to-many links loaded.
    var hasLinks: Bool { columns.contains { $0.link == nil && $0.field.isLinks } }

    init(_ request: ExportRequest, _ view: View) throws {
        schema = request.list.schema
        let names = request.fields.isEmpty ? Self.usual(schema, view) : request.fields
        var problems: [Problem] = []
        for name in names {
            do throws(Problem) {
                columns.append(try Self.column(name, schema, view))
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// What a person can read of it and a spreadsheet can hold.
    private static func usual(_ schema: Schema, _ view: View) -> [String] {
        let hidden: Set<String> = ["id", "version", "deleted_at", "updated_by", schema.traits.demoMark]
        return schema.fields.filter { field in
            view.right(schema, field) != .hidden && !hidden.contains(field.name) && !field.isLines && field.target != File.name
                && (field.isColumn || field.isLinks)
        }.map(\.name)
    }

    private static func column(_ name: String, _ schema: Schema, _ view: View) throws(Problem) -> Column {
        let path = try FieldPath(name, in: schema, view.catalog)
        let isVisible = view.right(path.schema, path.field) != .hidden && (path.link.map { view.right(schema, $0) >= .read } ?? true)
        guard isVisible, path.link == nil || view.may("read", path.schema) else {
            throw Problem(name, code: "not_allowed", "您没有查看「\(path.label)」的权限，不能导出")
        }
        guard path.field.isColumn || path.field.isLinks && path.link == nil else {
            throw Problem(name, code: "not_allowed", "「\(path.label)」不能导出到表格")
        }
        let cell = ExportCell(path.field, isMasked: view.right(path.schema, path.field) == .masked)
        return Column(field: path.field, link: path.link, heading: path.label, name: name, cell: cell)
    }
}
