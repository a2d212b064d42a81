import Records

extension Customer {
    /// What whoever is about to call or receive the customer must not overlook.
    static func addNotices(to rules: inout RulesBuilder<Customer>) {
        rules.notice { customer, _ in
            guard customer.isBlacklisted == true else { return nil }
            let reason = customer.blacklistReason
            return Notice(.bad, "黑名单客户" + (reason.map { "：\($0)" } ?? ""), "Blacklisted" + (reason.map { ": \($0)" } ?? ""))
        }
        rules.notice { customer, _ in
            customer.doNotContact == true ? Notice(.warn, "客户要求免打扰：不外呼、不群发", "Asked not to be contacted") : nil
        }
        rules.notice { customer, _ in customer.taboo.map { Notice(.warn, "忌讳：\($0)", "Taboo: \($0)") } }
        rules.notice(justContacted)
        rules.notice { customer, look in
            guard customer.verification == .due else { return nil }
            let months = try look.int(CustomerParameters.staleMonths)
            return Notice(.neutral, "资料超过 \(months) 个月未核实，联系时请顺便核对", "Not verified for over \(months) months: check it when you talk")
        }
    }

    /// D10: within the cool-down a second colleague is told that somebody has just been in touch. Replies to the customer's own calls do
    /// not count.
    private static func justContacted(_ customer: Record<Customer>, _ look: any Looking) throws -> Notice? {
        let days = try look.int(CustomerParameters.cooldownDays)
        guard days > 0 else { return nil }
        let since = look.now.adding(days: -days)
        let outward = \Interaction.customer == customer.id && \Interaction.direction == .outgoing
        let last =
            outward && .field("happened_at", .gte, since.stored) && .field("owner_id", .ne, .int(look.actor.userID))
            && .field("owner_id", .notEmpty)
        guard let talk = try look.all(Interaction.self, where: last, sort: [Query.Sort("happened_at", descending: true)], limit: 1).first,
            let owner = talk.ownerID, let at = talk.happenedAt, let colleague = try look.get(User.self, Ref(owner))
        else { return nil }
        let passed = max(0, look.today.number - at.day.number)
        let when = passed == 0 ? Words("今天", "today") : passed == 1 ? Words("昨天", "yesterday") : Words("\(passed) 天前", "\(passed) days ago")
        return Notice(
            .neutral, "\(colleague.title) \(when.chinese)刚联系过（\(talk.channel.label)），避免重复打扰",
            "\(colleague.title) was in touch \(when.english)")
    }
}
