import Records

/// What people write after talking to a customer: how it began, what it was about, how the customer took it, what was agreed — put together
/// from pieces that fit each other. `{…}` is filled in from the customer.
public struct DemoTexts: Sendable {
    var openings: [Opening]
    var topics: [Topic]

    struct Opening: Sendable {
        var channel: Channel, direction: Direction, text: String
        init(_ channel: Channel, _ direction: Direction, _ text: String) {
            (self.channel, self.direction, self.text) = (channel, direction, text)
        }
    }

    struct Topic: Sendable {
        var matters: [String]
        /// What the customer said, and the word for it in the outcome's column.
        var answers: [(text: String, outcome: String)]
        var closings: [String]
    }

    public struct Talk: Equatable { public var channel: Channel, direction: Direction, content: String, outcome: String }

    public func talk(_ random: inout SplitMix64, _ slots: [String: String]) -> Talk {
        let opening = random.pick(openings), topic = random.pick(topics), answer = random.pick(topic.answers)
        var text = opening.text + random.pick(topic.matters) + answer.text
        if random.chance(75) { text += random.pick(topic.closings) }
        for (slot, value) in slots { text = text.replacing("{\(slot)}", with: value) }
        return Talk(channel: opening.channel, direction: opening.direction, content: text, outcome: answer.outcome)
    }

    /// How many sentences there are to choose from.
    var count: Int { openings.count + topics.reduce(0) { $0 + $1.matters.count + $1.answers.count + $1.closings.count } }

    static let missed: [(content: String, outcome: String)] = [
        ("电话无人接听，未留言。", "无人接听"), ("响铃到自动挂断，已发短信说明来电事由。", "无人接听"), ("电话占线，稍后再拨。", "占线"), ("连拨两次都占线，改发微信。", "占线"), ("电话关机，改发微信说明来意。", "关机"),
        ("对方正在开会，约下午再联系。", "约定再拨"), ("接通后对方不便说话，约晚上再打。", "约定再拨"), ("对方在开车，约到家后回电。", "约定再拨"), ("家人代接，说本人出差，下周再联系。", "非本人"),
    ]
}
