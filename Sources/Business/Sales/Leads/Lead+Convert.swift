import Core
import Records

extension Lead {
    enum Conversion {
        static let customer = Field<Ref<Customer>?>(
            "customer_id", "并入已有客户", .help("留空则新建客户", "A new customer when empty"), .english("Into this customer"))
        static let withOpportunity = Field<Bool?>("with_opportunity", "同时建立商机", .initial(true), .english("Open an opportunity"))
        static let opportunity = Field<String?>("opportunity", "商机名称", kind: TextKind(limit: 100), .english("Opportunity name"))
        static let amount = Field<Money?>("amount_cents", "预计金额", .help("留空按预算", "The budget when empty"), .english("Expected amount"))
        static let parameters: [any ActionParameter] = [customer, withOpportunity, opportunity, amount]
    }

    /// qualified → converted: customer, contact and opportunity out of one lead; its interactions, tasks and files go along (§6.2 no. 3).
    @Sendable static func convert(_ lead: inout Record<Lead>, _ arguments: Arguments, _ tx: any Transaction) throws {
        let customer = try arguments[Conversion.customer].map { try existing($0, tx) } ?? newCustomer(lead, tx)
        let contact = try contact(lead, customer, tx)
        if arguments[Conversion.withOpportunity] != false {
            var opportunity = Record<Opportunity>()
            opportunity.name = arguments[Conversion.opportunity] ?? "\(customer.name)：\(lead.interest ?? "新需求")"
            (opportunity.customer, opportunity.contact) = (customer.id, contact)
            opportunity[OpportunityOfLead.self].lead = lead.id
            opportunity.amount = arguments[Conversion.amount] ?? lead.budget
            (opportunity.level, opportunity.buyWithin, opportunity.budget) = (lead.level, lead.buyWithin, lead.budget)
            opportunity.requirement = lead.interest
            opportunity.isDemo = lead.isDemo
            (opportunity.ownerID, opportunity.departmentID) = (lead.ownerID, lead.departmentID)
            tx.lead(to: try tx.insert(opportunity).row)
        } else {
            tx.lead(to: customer.row)
        }
        try takeAlong(lead, customer.id, contact, tx)
        (lead.customer, lead.convertedAt, lead.nextFollow, lead.recallOn) = (customer.id, tx.now, nil, nil)
    }

    private static func existing(_ ref: Ref<Customer>, _ tx: any Transaction) throws -> Record<Customer> {
        guard let customer = try tx.get(Customer.self, ref) else { throw Problem("customer_id", code: "not_found", "没有这位客户，请重新选择") }
        return customer
    }

    /// A person, or a company with the lead's person as its contact. Whoever is known already is not made a second time.
    private static func newCustomer(_ lead: Record<Lead>, _ tx: any Transaction) throws -> Record<Customer> {
        if let mobile = lead.mobile, let known = try tx.first(Customer.self, where: \Customer.mobile == mobile) {
            guard tx.sees(known.row) else {
                throw Problem("customer_id", code: "duplicate", "已有客户的手机号码相同，但您无权查看；请联系主管合并或转移")
            }
            throw Problem("customer_id", code: "duplicate", "客户「\(known.name)」的手机号码相同，请在「并入已有客户」中选择")
        }
        var customer = Record<Customer>()
        customer.type = lead.company == nil ? .person : .company
        customer.name = lead.company ?? lead.name
        (customer.source, customer.sourceDetail) = (lead.source, lead.sourceCode)
        (customer.mobile, customer.phone, customer.wechat, customer.email, customer.city) = (
            lead.mobile, lead.phone, lead.wechat, lead.email, lead.city
        )
        (customer.remark, customer.isDemo) = (lead.remark, lead.isDemo)
        (customer.ownerID, customer.departmentID) = (lead.ownerID, lead.departmentID)
        return try tx.insert(customer)
    }

    private static func contact(_ lead: Record<Lead>, _ customer: Record<Customer>, _ tx: any Transaction) throws -> Ref<Contact> {
        let same = \Contact.customer == customer.id && \Contact.name == lead.name
        if let known = try tx.first(Contact.self, where: same) { return known.id }
        var contact = Record<Contact>()
        (contact.customer, contact.name) = (customer.id, lead.name)
        (contact.mobile, contact.phone, contact.wechat, contact.email) = (lead.mobile, lead.phone, lead.wechat, lead.email)
        contact.relation = customer.type.isHuman ? .self : .employee
        contact.isDemo = lead.isDemo
        (contact.ownerID, contact.departmentID) = (lead.ownerID, lead.departmentID)
        return try tx.insert(contact).id
    }

    private static func takeAlong(_ lead: Record<Lead>, _ customer: Ref<Customer>, _ contact: Ref<Contact>, _ tx: any Transaction) throws {
        for var talk in try tx.all(Interaction.self, where: \LeadTalk.lead == lead.id, limit: 2000) where talk.customer == nil {
            (talk.customer, talk.contact) = (customer, contact)
            try tx.save(talk)
        }
        for var task in try tx.all(Todo.self, where: \LeadTask.lead == lead.id, limit: 2000) where task.customer == nil {
            task.customer = customer
            try tx.save(task)
        }
        try tx.moveFiles(of: lead.row, to: tx.catalog.schema(Customer.self), id: customer.id)
    }
}
