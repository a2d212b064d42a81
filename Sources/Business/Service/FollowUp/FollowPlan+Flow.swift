import Core
import Records

/// §2.27: pending → assigned → in progress → done; failed when nobody answers in the end; skipped with a reason.
extension FollowPlan {
    private static let tracker = Field<Ref<User>>("owner_id", "跟踪人", .english("To"))

    public static var flow: Flow? {
        .of(FollowPlan.self, \.status) {
            $0.step(
                "assign", "分派", from: [.pending, .assigned], to: .assigned, parameters: [tracker], permission: "assign", icon: "user-plus",
                primary: true
            ) { plan, arguments, tx in
                guard let user = try tx.get(User.self, arguments[tracker]), user.status == .active else {
                    throw Problem("owner_id", "这位用户已停用，请另选一位")
                }
                (plan.ownerID, plan.departmentID) = (user.row.id, user.department?.id ?? plan.departmentID)
            }
            $0.step(
                "start", "开始跟踪", from: [.assigned], to: .inProgress, icon: "phone-call", english: "Begin", primary: true
            ) { plan, _, tx in plan.startedAt = tx.now }
            $0.step(
                "skip", "跳过", from: Status.open, to: .skipped, parameters: [Reason.demanded], keeper: true, icon: "ban"
            ) { plan, arguments, _ in plan.reason = arguments[Reason.demanded] }
            $0.step(
                "cancel", "取消", from: [.pending, .assigned], to: .cancelled, parameters: [Reason.demanded], permission: "assign", icon: "x"
            ) { plan, arguments, _ in plan.reason = arguments[Reason.demanded] }
            $0.move(from: [.assigned], to: [.inProgress], "开始填写问卷")
            let under: [Status] = [.assigned, .inProgress]
            $0.move(from: under, to: [.done], "操作「记录结果」：成功，有问卷的须填完")
            $0.move(from: under, to: [.assigned], "操作「记录结果」：未接通且未到最多次数，或约定再拨")
            $0.move(from: under, to: [.failed], "操作「记录结果」：连续未接通达最多次数或号码无效，并生成短信/信函或核对号码任务")
            $0.move(from: Status.open, to: [.skipped], "客户拒访或要求免打扰：全部未完成的跟踪")
            $0.move(from: [.pending, .assigned], to: [.cancelled], "起因的日期已更正，没有可改到的日子")
            ($0.removable, $0.undoable) = ([.cancelled], [.skipped, .cancelled])
        }
    }

    /// What an attempt is asked for.
    enum Attempt {
        static let result = Field<FollowVisit.Result>("result", "结果", .english("Result"))
        static let note = Field<String?>("note", "记录", kind: LongTextKind(limit: 2000), .english("Note"))
        static let callback = Field<Instant?>("callback_at", "约定再拨时间", .english("Call again at"), .only(when: "result", "callback"))
        static let suggestion = Field<String?>("suggestion", "客户建议", kind: TextKind(limit: 500), .english("Suggestion"))
        static let recording = Field<String?>("recording_url", "录音", kind: URLKind(), .english("Recording"))
        static let parameters: [any ActionParameter] = [result, note, callback, suggestion, recording]
    }

    public static var actions: [Action] {
        [
            Action.on(
                FollowPlan.self, "record", "记录结果", icon: "square-check", english: "Record the result", parameters: Attempt.parameters,
                unavailable: { plan, _ in
                    plan.status == .assigned || plan.status == .inProgress ? nil : "当前状态为「\(plan.status.label)」，不能记录结果"
                }, perform: record
            ).with { $0.isBulk = false }
        ]
    }

    @Sendable private static func record(_ plan: inout Record<FollowPlan>, _ arguments: Arguments, _ tx: any Transaction) throws {
        let result = arguments[Attempt.result], callback = arguments[Attempt.callback]
        if result == .callback {
            guard let callback else { throw Problem("callback_at", code: "required", "请填写「约定再拨时间」") }
            guard callback > tx.now else { throw Problem("callback_at", "约定再拨时间应晚于现在") }
        }
        let started = plan.startedAt ?? tx.now
        (plan.startedAt, plan.result, plan.status) = (started, result, .inProgress)
        count(result, in: &plan, tx)
        switch result {
        case .success: try complete(&plan, tx)
        case .refused: try refuse(&plan, tx)
        case .callback: (plan.due, plan.status, plan.startedAt) = (callback, .assigned, nil)
        case .invalid: try fail(&plan, "号码无效", tx)
        case .noAnswer, .busy, .powerOff, .wrongPerson:
            if (plan.attempts ?? 0) >= (plan.most ?? 5) {
                try fail(&plan, "连续 \(plan.attempts ?? 0) 天未接通", tx)
            } else {
                (plan.due, plan.status, plan.startedAt) = (Instant(tx.today + (plan.retry ?? 1), hour: 18), .assigned, nil)
            }
        }
        try FollowVisit.keep(plan, result, from: started, arguments, tx)
    }

    /// §3.1: so many days in a row unreachable. Several calls of one day are one attempt, and whoever was spoken to in between is not
    /// unreachable.
    private static func count(_ result: FollowVisit.Result, in plan: inout Record<FollowPlan>, _ tx: any Transaction) {
        if result == .callback {
            plan.attempts = 0
        } else if plan.triedOn != tx.today || (plan.attempts ?? 0) == 0 {
            plan.attempts = (plan.attempts ?? 0) + 1
        }
        plan.triedOn = tx.today
    }

    /// Done once the questionnaire is complete.
    private static func complete(_ plan: inout Record<FollowPlan>, _ tx: any Transaction) throws {
        if plan.questionnaire != nil {
            var response = try response(for: &plan, tx)
            if response.status == .open { try Answers.keep(&response, [:], Inquiry.Hand(isLast: true, isColleague: true), tx) }
        }
        (plan.status, plan.doneAt) = (.done, tx.now)
    }

    /// 拒访: the consent is gone, and with it every plan.
    private static func refuse(_ plan: inout Record<FollowPlan>, _ tx: any Transaction) throws {
        (plan.status, plan.reason) = (.skipped, "客户拒访")
        try tx.save(plan)
        guard var customer = try tx.get(Customer.self, plan.customer), customer.doNotContact != true else { return }
        customer.doNotContact = true
        try tx.save(customer)
    }

    /// Another way is tried: a task for whoever looks after the customer.
    private static func fail(_ plan: inout Record<FollowPlan>, _ why: String, _ tx: any Transaction) throws {
        (plan.status, plan.reason, plan.doneAt) = (.failed, why, tx.now)
        guard let customer = try tx.get(Customer.self, plan.customer), let owner = plan.ownerID ?? customer.ownerID else { return }
        var task = Todo.followUp(plan.customer, owner: owner, department: plan.departmentID)
        task.title = plan.result == .invalid ? "核对「\(customer.name)」的电话" : "改发短信或信函：\(plan.title)"
        task.content = "\(why)。\(plan.result == .invalid ? "下次到店时请当面核对号码。" : "请改用短信或信函，下次到店时核对号码。")"
        task.dueAt = try WorkCalendar.load(tx).adding(workingDays: 1, to: tx.now)
        (task.aboutEntity, task.aboutID) = (FollowPlan.name, Int(plan.row.id))
        try tx.insert(task)
    }

    // MARK: Questionnaire

    static let inquiry = Inquiry(
        of: FollowPlan.name,
        sheet: { row, look in
            let plan = Record<FollowPlan>(row)
            if let response = try plan.response.flatMap({ try look.get(SurveyResponse.self, $0) }) {
                return try Questionnaire.sheet(response.questionnaire, look)
            }
            return try plan.questionnaire.flatMap { try Questionnaire.sheet(try Questionnaire.current($0, look), look) }
        },
        answers: { row, look in
            guard let response = try Record<FollowPlan>(row).response.flatMap({ try look.get(SurveyResponse.self, $0) }) else { return [:] }
            return try Answers.read(response, look)
        },
        closed: { row, look in
            let plan = Record<FollowPlan>(row)
            guard plan.status == .assigned || plan.status == .inProgress else { return "跟踪已是「\(plan.status.label)」，不能再填写问卷" }
            return try plan.response.flatMap { try look.get(SurveyResponse.self, $0) }.flatMap { try Answers.closed($0, look) }
        },
        keep: { row, values, hand, tx in
            guard var plan = try tx.get(FollowPlan.self, Ref(row.id)) else { throw Refusal.notFound }
            var response = try response(for: &plan, tx)
            if plan.status == .assigned { (plan.status, plan.startedAt) = (.inProgress, tx.now) }
            try tx.save(plan)
            try Answers.keep(&response, values, hand, tx)
        }
    )

    /// The plan's response, made when it is first needed, in the edition in use.
    private static func response(for plan: inout Record<FollowPlan>, _ tx: any Transaction) throws -> Record<SurveyResponse> {
        if let present = try plan.response.flatMap({ try tx.get(SurveyResponse.self, $0) }) { return present }
        guard let questionnaire = plan.questionnaire else { throw Refusal.conflict("这个跟踪计划没有问卷") }
        var response = Record<SurveyResponse>()
        (response.questionnaire, response.customer, response.channel) = (
            try Questionnaire.current(questionnaire, tx), plan.customer,
            try plan.method.flatMap { try tx.get(TrackingMethod.self, $0) }?.channel ?? .phone
        )
        (response.aboutEntity, response.aboutID, response.key) = (
            plan.aboutEntity ?? FollowPlan.name, plan.aboutID ?? Int(plan.row.id), "plan/\(plan.row.id)"
        )
        (response.ownerID, response.departmentID, response.startedAt) = (plan.ownerID, plan.departmentID, plan.startedAt ?? tx.now)
        let saved = try tx.insert(response)
        plan.response = saved.id
        return saved
    }
}
