import Records

// What a customer gets in the hand from sales: the quotation, the contract with its payment plan, the order.

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

    /// §2.8.
    static let contract = sheet(
        "contract", Words("合同", "Contract"), head: ["no", "signed_on"],
        [
            .grid(
                ["name"], [.field("customer_id", "甲方", "Customer"), .field("owner_id", "经办人", "In charge")],
                ["customer_id.uscc", "customer_id.legal_person"], ["customer_id.address"], ["type", "amount_cents"],
                [.capitals("amount_cents")], ["from_on", "to_on"], ["method", "settle_time"], ["term_days", "settle_discount_bp"],
                ["return_clause", "return_period_days"]
            ),
            .lines("plan", ["name", "part_bp", "amount_cents", "due_on", "after_days"], totals: ["amount_cents"]),
            .text("payment_terms"), .text("remark"),
            .signatures(Words("甲方", "Customer"), Words("乙方", "Company")),
        ])

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
