import Formats
import Records

/// An empty sheet to fill in: the headings an import knows, and a line that says what each column takes. The line begins with ※ and is
/// passed over when the sheet comes back.
public struct ImportForm: Sendable {
    /// Heading and remark by column.
    public let columns: [(heading: String, remark: String)]
    private let label: String

    public init(_ schema: Schema, _ view: View) throws {
        guard schema.traits.isPublic, view.may("import", schema), schema.traits.nature != .log else {
            throw Refusal.forbidden("您没有导入\(schema.label)的权限，请联系系统管理员。")
        }
        label = schema.label
        let fields = schema.fields.filter { field in
            view.right(schema, field) == .edit && CellReader(field, view.catalog) != nil && field.name != "department_id"
        }
        // What must be filled in comes first, what everybody knows next, who keeps the record last.
        let ranked =
            fields.filter { $0.isRequired(from: "import") && $0.traits.initial == nil }
            + fields.filter { !($0.isRequired(from: "import") && $0.traits.initial == nil) && $0.name != "owner_id" && $0.name != "tags" }
            + fields.filter { $0.name == "owner_id" || $0.name == "tags" }
        columns = ranked.map { field in (field.label, Self.remark(field, view.catalog)) }
    }

    public func csv() -> [UInt8] {
        var csv = CSVWriter()
        csv.row(columns.map(\.heading))
        csv.row(remarks)
        return csv.take()
    }

    /// Writes a workbook to `path`.
    public func writeWorkbook(to path: String) throws {
        do throws(FormatError) {
            let xlsx = try XLSXWriter(path: path, sheet: label, columns: columns.map { XLSXWriter.Column($0.heading) })
            try xlsx.row(remarks)
            try xlsx.close()
        } catch {
            throw SheetSource.problem(error)
        }
    }

    private var remarks: [String] {
        columns.enumerated().map { $0.offset == 0 ? "\(SheetSource.remark)\($0.element.remark)（本行是说明，导入时跳过）" : $0.element.remark }
    }

    /// 必填；格式；可选值；帮助。
    private static func remark(_ field: FieldSpec, _ catalog: Catalog) -> String {
        var parts: [String] = []
        parts.append(field.isRequired(from: "import") && field.traits.initial == nil ? "必填" : "选填")
        if let form = form(of: field, catalog) { parts.append(form) }
        if field.traits.isUnique { parts.append("不能重复") }
        if let help = field.traits.help { parts.append(help.chinese) }
        return parts.joined(separator: "；")
    }

    private static func form(of field: FieldSpec, _ catalog: Catalog) -> String? {
        guard let reference = field.kind.reference else { return field.kind.sheetHint(unit: field.traits.unit) }
        return catalog[reference.target].map { "\($0.label)的名称或编号\(reference.isMany ? "，多个用、隔开" : "")" }
    }
}
