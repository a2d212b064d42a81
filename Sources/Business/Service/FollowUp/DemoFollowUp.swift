import Core
import Records

/// The demo's care desk: what was asked after deliveries and visits, what waits to be called today, and one survey with its answers (§5).
enum DemoFollowUp {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        let done = demo.pick(small: 132, full: 1320)
        let past: [Demo.Step] = stride(from: 0, to: done, by: 33).map { first in
            { tx in try insertDone(demo, first..<min(first + 33, done), tx) }
        }
        return [{ tx in try turnOn(tx) }] + past + [{ tx in try insertOpen(demo, tx) }]
    }

    private static let desk = (1...6).map { "followup\($0)" }

    /// The rules run from now on; the next night's run plans what is due.
    private static func turnOn(_ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx)
        for var rule in try tx.all(FollowRule.self, limit: 50) where rule.entity != Customer.name && tx.catalog[rule.entity] != nil {
            rule.people = Refs(desk.compactMap { directory.users[$0] })
            rule.isEnabled = true
            try tx.save(rule)
        }
    }

    private static let kinds: [(scene: Question.Scene, questionnaire: String)] = [
        (.sale3d, "sale"), (.service3d, "service"), (.sale7d, "sale"), (.service3d, "service"), (.complaintVerify, "verify"),
        (.sale30d, "sale"),
    ]

    private static func blank(_ customer: Record<Customer>, _ index: Int, _ demo: Demo, _ tx: any Transaction) throws -> Record<FollowPlan>
    {
        let (scene, code) = kinds[(index + index / desk.count) % kinds.count]
        var plan = Record<FollowPlan>()
        (plan.title, plan.customer, plan.scene) = ("\(scene.label)：\(customer.name)", customer.id, scene)
        plan.questionnaire = try DemoSurveys.published(code, tx)?.id
        plan.method = try tx.first(TrackingMethod.self, where: \TrackingMethod.channel == .phone)?.id
        plan.key = "demo/\(index)/\(customer.row.id)"
        plan.isDemo = true
        return plan
    }

    /// §5: done 88, unreachable 7, refused 2; most at the first call.
    private static func insertDone(_ demo: Demo, _ range: Range<Int>, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx),
            customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id")], limit: 600)
        for index in range where !customers.isEmpty {
            var random = SplitMix64(seed: demo.seed &+ UInt64(91_000 + index))
            let customer = customers[(index * 13 + 5) % customers.count], caller = desk[index % desk.count],
                at = Instant(demo.asOf - random.number(1...60), hour: random.number(9...17), minute: random.pick([5, 20, 40]))
            var plan = try blank(customer, index, demo, tx)
            let outcome: FollowPlan.Status = random.pick(weighted: [(.done, 91), (.failed, 7), (.skipped, 2)])
            (plan.status, plan.due, plan.attempts, plan.startedAt, plan.doneAt) = (
                outcome, at, outcome == .failed ? 5 : random.chance(71) ? 1 : random.number(2...4), at, at.adding(seconds: 240)
            )
            plan.result = outcome == .done ? .success : outcome == .failed ? .noAnswer : .refused
            if outcome == .failed { plan.reason = "拨打 5 次未接通" }
            if outcome == .skipped { plan.reason = "客户拒访" }
            plan.ownerID = directory.users[caller]
            plan.departmentID = customer.departmentID
            DemoClock.stamp(&plan.row, at.adding(days: -1))
            var saved = try tx.insert(plan)
            var visit = Record<FollowVisit>()
            (visit.title, visit.plan, visit.customer, visit.scene, visit.result, visit.startedAt, visit.endedAt, visit.minutes) = (
                plan.title, saved.id, customer.id, plan.scene, plan.result ?? .success, at, at.adding(seconds: 240), 4
            )
            visit.note = outcome == .done ? random.pick(["客户满意，没有问题。", "询问下次保养时间，已告知。", "反映等候稍久，已致歉并记录。", "夸奖顾问讲解仔细。", "希望保养前电话提醒。"]) : nil
            visit.isSampled = outcome == .done && random.chance(8)
            if visit.isSampled == true, random.chance(60) {
                (visit.qaScore, visit.qaNote, visit.qaBy) = (
                    random.number(78...98), "开场规范，倾听到位。", directory.users["csmgr1"].map { Ref($0) }
                )
            }
            (visit.ownerID, visit.departmentID, visit.isDemo) = (plan.ownerID, plan.departmentID, true)
            DemoClock.stamp(&visit.row, at)
            try tx.insert(visit)
            guard outcome == .done, let questionnaire = plan.questionnaire else { continue }
            var response = Record<SurveyResponse>()
            (response.questionnaire, response.customer, response.channel, response.key, response.aboutEntity, response.aboutID) = (
                questionnaire, customer.id, .phone, "plan/\(saved.row.id)", FollowPlan.name, Int(saved.row.id)
            )
            (response.ownerID, response.departmentID) = (plan.ownerID, plan.departmentID)
            saved.response = try DemoSurveys.answer(&response, at: at, seconds: 180, &random, tx)
            try tx.save(saved)
        }
    }

    /// What the desk finds today: some due, some overdue, some nobody's yet.
    private static func insertOpen(_ demo: Demo, _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx),
            customers = try tx.all(Customer.self, where: \Customer.pool == .private, sort: [Query.Sort("id", descending: true)], limit: 200)
        for index in 0..<54 where !customers.isEmpty {
            var random = SplitMix64(seed: demo.seed &+ UInt64(97_000 + index))
            let customer = customers[(index * 7 + 2) % customers.count]
            if customer.doNotContact == true { continue }
            var plan = try blank(customer, index + 10_000, demo, tx)
            let isPending = index % 9 == 8
            plan.status = isPending ? .pending : index % 18 == 3 ? .inProgress : index % 27 == 10 ? .cancelled : .assigned
            if plan.status == .inProgress { plan.startedAt = Instant(demo.asOf, hour: 9) }
            if plan.status == .cancelled { plan.reason = "与投诉回访重复" }
            plan.due = Instant(demo.asOf + (index % 6 == 0 ? -2 : index % 5 == 0 ? 2 : 0), hour: 18)
            plan.priority = random.pick([.normal, .normal, .high])
            if !isPending, random.chance(30) { (plan.attempts, plan.result) = (1, random.pick([.noAnswer, .busy, .callback])) }
            plan.ownerID = isPending ? nil : directory.users[desk[index % desk.count]]
            plan.departmentID = customer.departmentID
            DemoClock.stamp(&plan.row, Instant(demo.asOf - 3, hour: 5))
            try tx.insert(plan)
        }
    }
}
