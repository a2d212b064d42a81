import Records

extension Customer {
    public static var rules: Rules {
        .of(Customer.self) {
            $0.beforeSave(settleOwner)
            $0.beforeSave(checkIdentity)
            $0.beforeSave(fillIn)
            $0.beforeSave { customer, _, _ in customer.completeness = Completeness.score(of: customer.row) }
            $0.afterMerge(pointToSurvivor)
            addNotices(to: &$0)

            $0.rollUp(RollUp("last_interaction_at", of: "interactions", by: "customer_id", .max("happened_at")))
            $0.rollUp(
                RollUp(
                    "next_follow_at", of: "tasks", by: "customer_id", .min("due_at"),
                    where: .field("status", .eq, "open") && .field("kind", .eq, "follow_up")))

            $0.duplicate(Duplicate(["mobile", "name"], exact: true, where: .field("type", .eq, "person"), "手机号码和客户名称相同"))
            $0.duplicate(Duplicate(["id_no"], exact: true, "证件号码相同"))
            $0.duplicate(Duplicate(["uscc"], exact: true, "统一社会信用代码相同"))
            $0.duplicate(Duplicate(["mobile"], exact: false, "手机号码相同"))
            $0.duplicate(Duplicate(["wechat"], exact: false, "微信号相同"))
            $0.duplicate(
                Duplicate(["name", "city"], exact: false, where: .field("type", .in, "company", "government", "dealer"), "单位名称和城市相同"))
        }
    }

    /// Whoever is given an owner leaves the public pool.
    static func settleOwner(_ customer: inout Record<Customer>, _ change: Change, _ tx: any Transaction) throws {
        try Ownership.follow(&customer.row, change, tx)
        if customer.pool == .public, let owner = customer.ownerID, let old = change.old, owner != old.ownerID { customer.pool = .private }
    }

    /// What follows from what is known: source, filing day, the birthday that an ID card tells, the next birthday.
    static func fillIn(_ customer: inout Record<Customer>, _ change: Change, _ tx: any Transaction) throws {
        if customer.isBlank(\.source), change.source == "import" { customer.source = .import }
        if change.isNew, customer.filedOn == nil { customer.filedOn = tx.today }
        try LunarDate.follow(&customer.row, change, text: "lunar_birthday", day: "birthday", calendar: "birthday_calendar")
        if change.isNew || change.changed(\Customer.birthday, in: customer) || change.changed(\Customer.birthdayCalendar, in: customer)
            || change.changed(\Customer.lunarBirthday, in: customer)
        {
            planBirthday(&customer, today: tx.today)
        }
    }

    static func planBirthday(_ customer: inout Record<Customer>, today: Day) {
        let (calendar, written) = (customer.birthdayCalendar ?? .solar, customer.lunarBirthday)
        customer.nextBirthday = customer.birthday.map { Anniversary.next(of: $0, calendar: calendar, written: written, from: today) }
    }

    /// A resident ID card is checked and tells birthday and gender (§2.0); a person entered by hand needs some way to be reached.
    static func checkIdentity(_ customer: inout Record<Customer>, _ change: Change, _ tx: any Transaction) throws {
        if customer.idType == .idCard, change.changed(\Customer.idNo, in: customer), let number = customer.idNo {
            let card = try residentID(number, today: tx.today)
            customer.idNo = card.text
            if customer.birthday == nil { (customer.birthday, customer.birthdayCalendar) = (card.birthday, .solar) }
            if customer.gender == nil { customer.gender = card.isMale.map { $0 ? .male : .female } }
        }
        if change.isNew, change.source == "web", customer.type == .person, try tx.isOn(CustomerParameters.needsContactWay),
            customer.mobile == nil, customer.phone == nil, customer.wechat == nil
        {
            throw Problem("mobile", code: "required", "请填写手机号码；没有手机时填固定电话或微信号也可以")
        }
    }

    static func residentID(_ text: String, today: Day) throws -> ResidentID {
        do { return ResidentID(stored: try ResidentIDKind(today: { today }).parse(text)) } catch {
            throw Problem("id_no", code: error.code, error.message)
        }
    }

    /// What was merged away says where it went (§2.1); the survivor has one primary contact.
    static func pointToSurvivor(_ loser: Record<Customer>, _ change: Change, _ tx: any Transaction) throws {
        guard let survivor = change.old.map({ Record<Customer>($0).id }) else { return }
        var gone = loser
        gone.fileStatus = .merged
        gone.mergedInto = survivor
        gone.row["deleted_at"] = tx.now.stored
        try tx.save(gone)
        try Contact.keepOnePrimary(of: survivor, tx)
    }
}
