import Records

/// The questionnaires a company starts with, published; all of it is the company's to revise.
enum QuestionnaireSetUp {
    struct Item {
        var text: String, kind: Question.Kind, options: String?, metric: Question.Metric, factor: String?, weight: Int?, section: String?,
            when: String?, alertIf: String?, alert: QuestionnaireItem.Alert?, isRequired: Bool, low: String?, high: String?

        init(
            _ text: String, _ kind: Question.Kind, options: String? = nil, _ metric: Question.Metric = .none, factor: String? = nil,
            weight: Int? = nil, section: String? = nil, when: String? = nil, alertIf: String? = nil,
            alert: QuestionnaireItem.Alert? = nil, required: Bool = true, low: String? = nil, high: String? = nil
        ) {
            (self.text, self.kind, self.options, self.metric, self.factor, self.weight, self.section, self.when) = (
                text, kind, options, metric, factor, weight, section, when
            )
            (self.alertIf, self.alert, isRequired, self.low, self.high) = (alertIf, alert, required, low, high)
        }
    }

    static func seed(_ tx: any Transaction) throws {
        for (code, name, scene, intro, thanks, items) in all
        where try tx.first(Questionnaire.self, where: \Questionnaire.code == code) == nil {
            var questionnaire = Record<Questionnaire>()
            (questionnaire.title, questionnaire.code, questionnaire.scene, questionnaire.intro, questionnaire.thanks) = (
                name, code, scene, intro, thanks
            )
            var saved = try tx.insert(questionnaire)
            for (place, item) in items.enumerated() {
                try addToBank(item, scene, place, tx)
                var line = Record<QuestionnaireItem>()
                (line.questionnaire, line.code, line.text, line.kind, line.options, line.metric, line.factor, line.weight) = (
                    saved.id, "q\(place + 1)", item.text, item.kind, item.options, item.metric, item.factor, item.weight
                )
                (line.section, line.when, line.alertIf, line.alert, line.isRequired, line.low, line.high, line.position) = (
                    item.section, item.when, item.alertIf, item.alert, item.isRequired, item.low, item.high, (place + 1) * 10
                )
                try tx.insert(line)
            }
            (saved.status, saved.publishedAt) = (.published, tx.now)
            try tx.save(saved)
        }
    }

    private static func addToBank(_ item: Item, _ scene: Question.Scene, _ place: Int, _ tx: any Transaction) throws {
        guard try tx.first(Question.self, where: \Question.text == item.text) == nil else { return }
        var question = Record<Question>()
        (question.text, question.kind, question.options, question.metric, question.factor, question.low, question.high) = (
            item.text, item.kind, item.options, item.metric, item.factor, item.low, item.high
        )
        (question.scene, question.isRequired, question.position) = (scene, item.isRequired, (place + 1) * 10)
        try tx.insert(question)
    }

    private static let recommend = Item("您有多大可能把我们推荐给亲友？", .score10, .nps, low: "完全不可能", high: "非常可能")
    private static let why = Item("最主要的原因是什么？", .text, required: false)

    static let all: [(code: String, name: String, scene: Question.Scene, intro: String, thanks: String, items: [Item])] = [
        (
            "sale", "交车回访", .sale3d, "感谢您选择我们，耽误您两分钟，听听您提车和用车的感受。", "谢谢您的宝贵意见，祝您用车愉快。",
            [
                Item("交车时车辆的清洁和功能讲解，您满意吗？", .score5, .csat, alertIf: "<=2", alert: .complaint, low: "很不满意", high: "非常满意"),
                Item("车辆目前使用正常吗？", .yesNo, alertIf: "=no", alert: .task), Item("出现了什么情况？", .text, when: "q2=no"),
                Item("还有哪些功能没有弄明白？", .multiple, options: "车机互联；驾驶辅助；充电或加油；座椅与空调；都清楚了", required: false), recommend, why,
            ]
        ),
        (
            "service", "售后回访", .service3d, "您好，想了解您上次到店的感受，约两分钟。", "谢谢，您的意见我们会逐条落实。",
            [
                Item("这次来要解决的问题，都修好了吗？", .yesNo, alertIf: "=no", alert: .complaint), Item("还有哪个问题没有解决？", .text, when: "q1=no"),
                Item("对这次服务总体满意吗？", .score5, .csat, alertIf: "<=2", alert: .complaint, low: "很不满意", high: "非常满意"),
                Item("哪里让您不满意？", .multiple, options: "等候时间；服务态度；收费；维修质量；环境设施；其他", when: "q3<=3"),
                recommend, why,
            ]
        ),
        (
            "verify", "投诉回访确认", .complaintVerify, "您反映的问题已经处理，想和您确认结果。", "谢谢您给我们改正的机会。",
            [
                Item("您反映的问题解决了吗？", .single, options: "已解决；部分解决；没有解决", alertIf: "=3", alert: .task),
                Item("对处理过程满意吗？", .score5, .csat, low: "很不满意", high: "非常满意"),
                Item("还希望我们做什么？", .text, when: "q1=2,3"),
            ]
        ),
        // §3.6: the five factors with the weights of J.D. Power China 2014.
        (
            "csi", "售后满意度调查（CSI）", .service7d, "诚邀您评价最近一次到店服务，约三分钟，答案只用于改进服务。", "感谢您的参与！",
            [
                Item("预约和接车是否顺畅？", .score10, .factor, factor: "服务启动", weight: 1700, section: "到店"),
                Item("服务顾问的专业与礼貌？", .score10, .factor, factor: "服务顾问", weight: 1800, section: "到店"),
                Item("店内环境与设施？", .score10, .factor, factor: "经销商设施", weight: 2100, section: "到店"),
                Item("交车时的讲解与及时性？", .score10, .factor, factor: "服务后交车", weight: 2100, section: "离店"),
                Item("维修保养的质量？", .score10, .factor, factor: "服务质量", weight: 2400, section: "离店"),
                Item("总体满意吗？", .score5, .csat, section: "总体", alertIf: "<=2", alert: .complaint, low: "很不满意", high: "非常满意"),
                Item("办成这件事费力吗？", .score7, .ces, section: "总体", low: "非常费力", high: "毫不费力"),
                Item("您有多大可能把我们推荐给亲友？", .score10, .nps, section: "总体", alertIf: "<=6", alert: .complaint, low: "完全不可能", high: "非常可能"),
                Item("我们最该改进哪一点？", .text, section: "总体", when: "q8<=8", required: false),
            ]
        ),
    ]
}
