import Records

extension DemoFile {
    /// Writes the customer and everything around it.
    func insert(_ directory: DemoDirectory, _ tx: any Transaction) throws {
        let owner = directory.users[ownerName], department = directory.departments[unitCode]
        let customer = try tx.insert(linked(directory)).id
        var primary: Ref<Contact>?
        for var contact in contacts {
            contact.customer = customer
            own(&contact.row, owner, department)
            let saved = try tx.insert(contact)
            primary = primary ?? saved.id
        }
        for var date in dates {
            date.customer = customer
            own(&date.row, owner, department)
            try tx.insert(date)
        }
        for var interaction in interactions {
            interaction.customer = customer
            if self.customer.type.isHuman == false { interaction.contact = primary }
            own(&interaction.row, owner, department)
            try tx.insert(interaction)
        }
        for var task in tasks {
            task.customer = customer
            own(&task.row, owner, department)
            try tx.insert(task)
        }
    }

    /// The customer with its links to owner, department, level, category and tags.
    func linked(_ directory: DemoDirectory) -> Record<Customer> {
        var customer = customer
        customer.level = directory.levels[levelCode].map { Ref($0) }
        customer.category = directory.categories[categoryCode].map { Ref($0) }
        own(&customer.row, isPooled ? nil : directory.users[ownerName], directory.departments[unitCode])
        let tags = tagNames.compactMap { directory.tags[$0] }.map(Value.int)
        if !tags.isEmpty { customer.row["tags"] = .list(tags) }
        return customer
    }

    public func own(_ row: inout Row, _ owner: Int64?, _ department: Int64?) {
        row["owner_id"] = owner.map(Value.int) ?? .null
        row["department_id"] = department.map(Value.int) ?? .null
    }

    /// How many records ``insert(_:_:)`` makes, the follow-up task of a planned contact included.
    var size: Int {
        1 + contacts.count + dates.count + interactions.count
            + interactions.filter { $0.nextAt != nil }.count + tasks.count
    }
}
