import Records

extension PaperForm {
    static let order = sheet(
        "order", Words("销售订单", "Sales order"), head: ["no", "ordered_on"],
        [
            .grid(
                ["customer_id", "customer_id.mobile"], ["customer_id.address"],
                [.field("owner_id", "销售代表", "Sales representative"), "contract_id"]),
            .lines("lines", ["product", "quantity", "price_cents", "amount_cents", "remark"], totals: ["quantity", "amount_cents"]),
            .grid([
                .other("invoice_titles", "name", Words("发票抬头", "Invoice to"), of: "customer_id", marked: "is_default"),
                .other("invoice_titles", "tax_no", of: "customer_id", marked: "is_default"),
            ]),
            .grid(["amount_cents", .capitals("amount_cents")]),
            .text("remark"),
            .signatures(Words("制单", "Made by"), Words("仓管", "Warehouse"), Words("客户签收", "Received by the customer")),
        ])
}
