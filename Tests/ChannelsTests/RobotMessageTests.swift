import Foundation
import Testing

@testable import Channels

@Suite("Group robots")
struct RobotMessageTests {
    private let message = RobotMessage(title: "新线索", text: "张伟 想看车", mentioned: ["13900000000"])

    private func json(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("each platform gets the form it knows")
    func forms() throws {
        let weCom = try json(message.body(for: .weCom)), dingTalk = try json(message.body(for: .dingTalk))
        let feishu = try json(message.body(for: .feishu, timestamp: 1_700_000_000, sign: "abc="))
        #expect(weCom["msgtype"] as? String == "text")
        #expect((weCom["text"] as? [String: Any])?["mentioned_mobile_list"] as? [String] == ["13900000000"])
        #expect((dingTalk["markdown"] as? [String: Any])?["text"] as? String == "### 新线索\n张伟 想看车\n\n@13900000000")
        #expect((feishu["content"] as? [String: Any])?["text"] as? String == "新线索\n张伟 想看车")
        #expect(feishu["timestamp"] as? String == "1700000000" && feishu["sign"] as? String == "abc=")
    }

    @Test("what is too long for the platform is cut between characters")
    func long() throws {
        let text = String(repeating: "👨‍👩‍👧很长", count: 3000)
        for platform in RobotMessage.Platform.allCases {
            let bytes = RobotMessage(title: text, text: text).body(for: platform)
            #expect(bytes.count < 20_000)
            #expect(try !json(bytes).isEmpty)
        }
    }

    @Test("a robot that answers 200 and refuses has refused")
    func refused() {
        func refusal(_ status: Int, _ body: String) -> String? { RobotMessage.refusal(HTTPAnswer(status: status, body: Array(body.utf8))) }
        #expect(refusal(200, #"{"errcode":0,"errmsg":"ok"}"#) == nil)
        #expect(refusal(200, #"{"code":0,"msg":"success"}"#) == nil)
        #expect(refusal(200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#) == "invalid webhook url")
        #expect(refusal(200, #"{"code":19001,"msg":"param invalid"}"#) == "param invalid")
        #expect(refusal(500, "") != nil && refusal(200, "<html>") != nil && refusal(200, "{}") != nil)
    }

    @Test("the signed address carries the signature as a parameter")
    func address() {
        #expect(
            RobotMessage.dingTalkAddress("https://oapi.dingtalk.com/robot/send?access_token=x", milliseconds: 5, sign: "a+b/c=")
                == "https://oapi.dingtalk.com/robot/send?access_token=x&timestamp=5&sign=a%2Bb%2Fc%3D")
    }
}
