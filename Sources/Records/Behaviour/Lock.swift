/// What a state has settled. While a record is in one of its states, the fields that it covers (lines are a field) are not changed by hand
/// on any path: form, cell, REST, bulk, import, undo, automation, approval, merge. Steps, actions and rules change them, because these are
/// the amendments and reversals. Whose a record is, and its tags, stay open: they are a right of their own.
public struct Lock: Sendable {
    public let states: Set<String>
    /// The fields that it covers or, with `isAllBut`, those that stay open.
    let fields: Set<String>
    let isAllBut: Bool
    /// A right on the entity; who has it may change the fields all the same.
    public let unless: String?
    /// What to do instead, in the user's words; nil where a step leads to a state in which the field is open.
    public let instead: String?

    /// Whether it covers nothing: said of a last state that settles nothing.
    var isEmpty: Bool { !isAllBut && fields.isEmpty }

    /// Whether it covers everything, so that what hangs on the record is settled as well.
    public var isWhole: Bool { isAllBut }

    private static let neverCovered: Set<String> = SystemFields.names.union(["is_demo"])

    /// Whether no lock covers this field: it is no part of what a record says.
    public static func isNever(on field: FieldSpec) -> Bool { neverCovered.contains(field.name) }

    func covers(_ field: FieldSpec, isFinal: Bool) -> Bool {
        guard !Lock.isNever(on: field) else { return false }
        // What the company keeps beside a record in fields of its own is no part of what was settled, until all is over.
        return isAllBut ? !fields.contains(field.name) && (isFinal || !field.isCustom) : fields.contains(field.name)
    }
}

extension Flow {
    /// Whether a record in this state goes nowhere any more.
    public func isFinal(_ state: String) -> Bool { !transitions.contains { $0.from.contains(state) } }

    /// The locks of a state. One that no step leaves and that says nothing itself locks everything.
    public func locks(in state: String) -> [Lock] {
        let declared = locks.filter { $0.states.contains(state) }
        guard declared.isEmpty, isFinal(state), !transitions.isEmpty else { return declared }
        return [Lock(states: [state], fields: [], isAllBut: true, unless: nil, instead: nil)]
    }

    /// The lock that keeps somebody from changing this field by hand; `has` tells which rights on the record somebody has.
    public func lock(on field: FieldSpec, in state: String, has: (String) -> Bool) -> Lock? {
        guard field.name != self.field else { return nil }
        let isFinal = isFinal(state)
        return locks(in: state).first { $0.covers(field, isFinal: isFinal) && !($0.unless.map(has) ?? false) }
    }

    /// Whether the step into this state may be undone: it locks single fields at most, or is declared to be no more than a slip of the hand.
    public func mayUndo(_ state: String) -> Bool { undoable.contains(state) || !locks(in: state).contains(where: \.isWhole) }

    /// Whether a record in this state may be thrown away; `has` as in ``lock(on:in:has:)``.
    public func mayRemove(_ state: String, has: (String) -> Bool) -> Bool {
        removable.contains(state) || locks(in: state).allSatisfy { $0.unless.map(has) ?? $0.isEmpty }
    }

    /// What leads out of the lock: the step to a state in which the field is open, or what the lock says.
    public func wayOut(of lock: Lock, for field: FieldSpec, in state: String) -> String? {
        if let instead = lock.instead { return instead }
        let step = transitions.first { $0.from.contains(state) && self.lock(on: field, in: $0.to, has: { _ in false }) == nil }
        return step.map { "请先使用「\($0.label)」" }
    }
}
