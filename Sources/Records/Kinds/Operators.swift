extension [Operator] {
    static let forText: [Operator] = [.contains, .eq, .ne, .starts, .in, .notIn, .empty, .notEmpty]
    /// Codes and numbers with a fixed form.
    static let forCodes: [Operator] = [.eq, .ne, .starts, .contains, .in, .notIn, .empty, .notEmpty]
    static let forProse: [Operator] = [.contains, .empty, .notEmpty]
    static let forNumbers: [Operator] = [.eq, .ne, .gt, .gte, .lt, .lte, .between, .in, .notIn, .empty, .notEmpty]
    static let forTimes: [Operator] = [.between, .eq, .ne, .gte, .lte, .gt, .lt, .empty, .notEmpty]
    static let forChoices: [Operator] = [.in, .notIn, .eq, .ne, .empty, .notEmpty]
    static let forYesNo: [Operator] = [.eq, .ne, .empty, .notEmpty]
}
