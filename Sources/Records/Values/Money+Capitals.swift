extension Money {
    /// The sum in the capital figures that receipts and contracts carry: `人民币壹万零伍拾元整`.
    ///
    /// Source: 中国人民银行《支付结算办法》附一《正确填写票据和结算凭证的基本规定》: 整 after 元; one 零 for the noughts
    /// between figures, and before 角 or 分 that follow a nought.
    public var capitals: String {
        let all = cents.magnitude, yuan = all / 100, jiao = Int(all / 10 % 10), fen = Int(all % 10)
        var text = cents < 0 ? "人民币负" : "人民币"
        if yuan > 0 || all == 0 { text += Money.capitals(yuan) + "元" }
        if jiao > 0 {
            text += (yuan > 0 && yuan % 10 == 0 ? "零" : "") + Money.digits[jiao] + "角"
        } else if fen > 0, yuan > 0 {
            text += "零"
        }
        return text + (fen > 0 ? Money.digits[fen] + "分" : jiao > 0 ? "" : "整")
    }

    private static let digits = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"]
    private static let powers = ["", "拾", "佰", "仟"], groups = ["", "万", "亿", "万亿", "亿亿"]

    private static func capitals(_ number: UInt64) -> String {
        let figures = String(number).compactMap(\.wholeNumberValue)
        if number == 0 { return digits[0] }
        var text = "", isNought = false, isFilled = false
        for (index, figure) in figures.enumerated() {
            let place = figures.count - 1 - index
            if figure == 0 {
                isNought = true
            } else {
                text += (isNought ? "零" : "") + digits[figure] + powers[place % 4]
                (isNought, isFilled) = (false, true)
            }
            if place % 4 == 0, isFilled {
                text += groups[place / 4]
                (isNought, isFilled) = (false, false)
            }
        }
        return text
    }
}
