/// Which built-in roles are meant when a capability speaks of people by what they do (§2.25). A role that comes anew has its place here and so
/// everywhere.
extension Set<BuiltInRole> {
    /// Who sells: cars, service, insurance, goods, tours.
    public static let sellers: Self = [.salesConsultant, .serviceAdvisor, .insurance, .loan, .clerk, .fieldRep, .tourSales]
    /// Whoever meets customers, and so takes down what they say: those who sell, those who call afterwards, and those who run the tours.
    public static let frontDesk = sellers.union([.followUp, .tourOperator])
    /// Who answers for a department and all below it.
    public static let managers: Self = [.salesManager, .serviceManager, .storeManager, .careManager]
    /// Who answers for what is left over, and so sees what things cost (G5).
    public static let costReaders: Self = [.gm, .director, .salesManager, .storeManager, .finance]
    /// Who keeps the lists and tables of the sales work.
    public static let tableKeepers: Self = [.gm, .director, .salesManager, .steward]
}

extension BuiltInRole {
    /// `role.isAmong(.frontDesk)`
    public func isAmong(_ roles: Set<BuiltInRole>) -> Bool { roles.contains(self) }
}
