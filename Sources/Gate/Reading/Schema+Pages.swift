import Records

extension Schema {
    /// What pages show and offer for columns, filters and charts: the mark of what was invented for a demonstration is for the program, the
    /// API, import and export only.
    public var fieldsOnPages: [FieldSpec] { fields.filter { $0 !== demoMark } }
}
