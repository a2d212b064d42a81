import Records

/// Takes a declared step as the program itself.
public enum DemoStep {
    public static func take<E: Entity>(_ name: String, _ record: inout Record<E>, _ tx: any Transaction) throws {
        guard let action = record.row.schema.actions.first(where: { $0.name == name }) else { return }
        var row = record.row
        try action.perform(&row, Arguments(), tx)
        guard var present = try tx.get(row.schema, id: row.id) else { return }
        for slot in row.values.indices where slot < record.row.values.count && row.values[slot] != record.row.values[slot] {
            present.values[slot] = row.values[slot]
        }
        record = Record(try tx.save(present))
    }
}
