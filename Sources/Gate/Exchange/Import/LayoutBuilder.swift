import Records

/// Puts a plan's columns, fixed texts and match fields together, and collects what does not fit.
struct LayoutBuilder {
    let schema: Schema
    let header: [String]
    let catalog: Catalog
    var problems: [Problem] = []
    private var main: ImportLayout.Target
    private var linked: [ImportLayout.Target] = []

    init(schema: Schema, header: [String], catalog: Catalog) {
        self.schema = schema
        self.header = header
        self.catalog = catalog
        main = ImportLayout.Target(schema: schema, link: nil)
    }

    mutating func add(_ column: ImportPlan.Column) {
        let places = header.indices.filter { header[$0] == column.header.trimmed }
        guard let place = places.first else {
            problems.append(Problem(column.header, code: "unknown_column", "表中没有「\(column.header.prefix(60))」这一列。表头是：\(headings)"))
            return
        }
        guard places.count == 1 else {
            let numbers = places.map { String($0 + 1) }.joined(separator: "、")
            problems.append(
                Problem(
                    column.header, code: "duplicate_column",
                    "列「\(column.header.prefix(60))」出现了 \(places.count) 次（第 \(numbers) 列），请改名或删去多余的列"))
            return
        }
        let heading = header[place], catalog = catalog
        with(column.path) { path, target in
            guard !target.columns.contains(where: { $0.field === path.field }) else {
                return Problem(column.header, code: "duplicate_field", "有两列都对应「\(path.label)」，请只保留一列")
            }
            guard let reader = CellReader(path.field, catalog) else {
                return Problem(column.header, code: "not_allowed", "「\(path.label)」不能从表格导入")
            }
            target.columns.append(.init(place: place, header: heading, field: path.field, reader: reader))
            return nil
        }
    }

    mutating func add(_ fixed: ImportPlan.Fixed) {
        let header = header, catalog = catalog
        with(fixed.path) { path, target in
            guard !target.columns.contains(where: { $0.field === path.field }), !target.fixed.contains(where: { $0.field === path.field })
            else {
                return Problem(fixed.path, code: "duplicate_field", "「\(path.label)」已经有对应的列或固定值")
            }
            guard let reader = CellReader(path.field, catalog) else {
                return Problem(fixed.path, code: "not_allowed", "「\(path.label)」不能从表格导入")
            }
            let text: FixedText
            do throws(FixedText.UnknownColumn) {
                text = try FixedText(fixed.text) { name in header.firstIndex(of: name) }
            } catch {
                return Problem(fixed.path, code: "unknown_column", "固定值「\(fixed.text.prefix(60))」里的列「\(error.name.prefix(60))」不在表中")
            }
            if text.isConstant, let fault = Self.fault(fixed.text.trimmed, reader) {
                return Problem(fixed.path, code: fault.code, "固定值「\(fixed.text.prefix(60))」不适合「\(path.label)」：\(fault.message)")
            }
            target.fixed.append(.init(field: path.field, text: text, reader: reader))
            return nil
        }
    }

    private static func fault(_ text: String, _ reader: CellReader) -> Fault? {
        guard case .kind(let kind) = reader, !text.isEmpty else { return nil }
        do throws(Fault) { _ = try kind.parse(text) } catch { return error.isWarning ? nil : error }
        return nil
    }

    mutating func addKey(_ match: String) {
        with(match) { path, target in
            guard path.field.isColumn || path.field.isLink else {
                return Problem(match, code: "not_allowed", "「\(path.label)」不能用来查找记录")
            }
            if !target.key.contains(where: { $0 === path.field }) { target.key.append(path.field) }
            return nil
        }
    }

    /// A linked record without a match field is found by its only unique field, or by its title.
    mutating func finished(createsLinked: Bool) -> [ImportLayout.Target] {
        for index in linked.indices where linked[index].key.isEmpty {
            let target = linked[index]
            let unique = target.columns.map(\.field).filter(\.traits.isUnique)
            if let field = unique.first ?? target.columns.map(\.field).first(where: { $0 === target.schema.title }) {
                linked[index].key = [field]
            }
        }
        for target in linked {
            guard let link = target.link, main.fills(link) else { continue }
            problems.append(Problem(link.name, code: "duplicate_field", "「\(link.label)」既有自己的列，又按\(target.schema.label)的字段填写，请只用一种"))
        }
        return linked + [main]
    }

    private var headings: String {
        let shown = header.filter { !$0.isEmpty }.prefix(20).map { String($0.prefix(20)) }.joined(separator: "、")
        return shown.isEmpty ? "（空）" : shown
    }

    private mutating func with(_ text: String, _ change: (FieldPath, inout ImportLayout.Target) -> Problem?) {
        do throws(Problem) {
            let path = try FieldPath(text, in: schema, catalog)
            let problem: Problem?
            if let link = path.link {
                if !linked.contains(where: { $0.link === link }) { linked.append(ImportLayout.Target(schema: path.schema, link: link)) }
                let index = linked.firstIndex { $0.link === link } ?? 0
                problem = change(path, &linked[index])
            } else {
                problem = change(path, &main)
            }
            if let problem { problems.append(problem) }
        } catch {
            problems.append(error)
        }
    }
}
