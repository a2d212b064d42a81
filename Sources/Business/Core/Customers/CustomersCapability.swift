import Records

/// 客户: the one customer master, its people, what was said and what is to be done.
public enum CustomersCapability: Capability {
    public static let name = "customers", label = "客户"
    public static let entities: [any Entity.Type] = [
        Customer.self, Contact.self, Interaction.self, Todo.self, SpecialDate.self, ContactGroup.self, CustomerCategory.self,
        CustomerLevel.self, PoolMove.self,
    ]
    public static let parameters = CustomerParameters.all + PoolParameters.all
    public static let jobs = TodoJobs.all + TidyJobs.all + [Contact.primaryJob, SpecialDate.job]
    public static let reports = CustomerReports.all

    public static func seed(_ tx: any Transaction) throws { try CustomerSetUp.seed(tx) }
}
