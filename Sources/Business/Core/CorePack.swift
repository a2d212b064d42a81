import Records

extension Pack {
    /// Customers, and who works with them.
    public static let core = Pack.base("core", [CustomersCapability.self, StaffCapability.self, DemoGroup.self])
    /// What the office reads and keeps in common.
    public static let office = Pack.base("office", [OfficeCapability.self])
}
