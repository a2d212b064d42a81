/// How somebody says which values of a kind they look for: the control of a list's filter.
public enum FilterControl: Sendable, Equatable {
    /// Some of these options, ticked.
    case options([ChoiceOption])
    case yesNo
    /// Records of another entity, found by their names.
    case records(entity: String)
    /// Days: a stretch of the calendar that moves with today, or from one day to another.
    case days
    /// Numbers, from one to another.
    case range
    /// 1 province, 2 city, 3 district: chosen from above.
    case region(level: Int)
    case words
    /// Nothing but whether there is a value.
    case presence
}

extension FieldKind {
    /// What follows from the rest of the kind: a kind that wants another control says so itself.
    public var filterControl: FilterControl {
        if operators.allSatisfy({ $0 == .empty || $0 == .notEmpty }) { return .presence }
        if let reference { return .records(entity: reference.target) }
        if time != nil { return .days }
        if figure != nil { return .range }
        return switch editor {
        case .choice(let options), .choices(let options): .options(options)
        case .yesNo: .yesNo
        case .region(let level): .region(level: level)
        default: isYesNo ? .yesNo : choices.map(FilterControl.options) ?? .words
        }
    }
}
