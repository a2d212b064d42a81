import Markup
import Records

/// The cells of one column of a list: one that many rows share (an option, an owner, a blank) is made once a page.
final class CellMemory {
    let field: FieldSpec
    let classes: String?
    private let repeats: Bool
    private var made: [Value: Node] = [:]

    init(_ field: FieldSpec, classes: [String?]) {
        self.field = field
        let names = classes.compactMap(\.self)
        self.classes = names.isEmpty ? nil : names.joined(separator: " ")
        repeats = field.isColumn && (field.kind.sharing == .usual || field.kind.figure == .score)
    }

    /// The cell of a row with this value; nothing else of the row may show in it.
    func of(_ value: Value, _ make: () -> Node) -> Node {
        guard repeats || value.isNull else { return make() }
        if let known = made[value] { return known }
        let cell = Raw(make().rendered()).node
        made[value] = cell
        return cell
    }
}
