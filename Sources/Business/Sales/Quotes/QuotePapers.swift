import Records

extension PaperForm {
    /// A19, M80.
    static let quote = sheet(
        "quote", Words("报价单", "Quotation"), head: ["no", "quote_version", .today],
        [
            .grid(
                ["customer_id", "contact_id"], ["customer_id.address", "contact_id.mobile"],
                ["valid_until", .field("owner_id", "销售代表", "Sales representative")]
            ),
            .lines(
                "lines", ["product", "quantity", "list_cents", "discount_bp", "price_cents", "amount_cents", "remark"],
                totals: ["quantity", "amount_cents"]),
            .grid(["list_total_cents", "total_cents"], [.capitals("total_cents")]),
            .text("terms"), .text("remark"),
            .signatures(Words("报价方", "Offered by"), Words("客户确认", "Accepted by the customer")),
        ])
}
