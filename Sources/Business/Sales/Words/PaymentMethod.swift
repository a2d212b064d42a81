import Records

/// How money is paid: agreed in a contract, written down with a collection.
public enum PaymentMethod: String, Choice {
    case cash, transfer, cheque, acceptance, card, wechat, alipay, offset
    public static let options: [Option<PaymentMethod>] = [
        .init(.transfer, "银行转账"), .init(.cash, "现金"), .init(.cheque, "支票", .warn), .init(.acceptance, "承兑汇票", .warn), .init(.card, "刷卡"),
        .init(.wechat, "微信", english: "WeChat"), .init(.alipay, "支付宝", english: "Alipay"), .init(.offset, "冲抵"),
    ]
    /// Money that may still come back.
    var mayBounce: Bool { self == .cheque || self == .acceptance }
}
