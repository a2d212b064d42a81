import Records

extension PaperForm {
    /// I10, I11: form 3, 客户信用卡. What the file does not hold is written by hand.
    static let creditCard = sheet(
        "credit_card", Words("客户信用卡", "Customer credit card"), head: ["code", .today, .reader],
        [
            .grid(
                ["customer_id", .field("customer_id.legal_person", "负责人", "Person in charge")],
                ["customer_id.postcode", .field("customer_id.address", "客户地址", "Address")],
                [
                    .other("invoice_titles", "bank", Words("开户银行名称", "Bank"), of: "customer_id", marked: "is_default"),
                    .other("invoice_titles", "bank_account", Words("账号", "Account"), of: "customer_id", marked: "is_default"),
                ], [.blank("银行地址", "Bank's address"), .field("customer_id.uscc", "营业执照编号", "Business licence")],
                ["limit_cents", "term_days"], ["nature", "trade"], ["grade", "score"], ["valid_from", "valid_to"]
            ),
            .grid(["rep_view"], ["collection_view"], ["manager_view"]),
            .signatures(Words("销售代表", "Representative"), Words("销售经理", "Sales manager"), Words("营销总监", "Director")),
        ])

    /// I14: form 5, 客户货款回收管理表.
    static let collections = table(
        "collections", Words("客户货款回收管理表", "Collections from customers"), head: [.today, .reader],
        [
            .counter, .field("customer_id", "客户名称", "Customer"), .field("customer_id.level_id", "等级", "Level"),
            .other("credit_accounts", "limit_cents", Words("信用额度", "Credit limit"), of: "customer_id"),
            "planned_on", "paid_on", "method", "payer", "cheque_due_on", "amount_cents", .field("owner_id", "负责人", "In charge"),
        ], totals: ["amount_cents"])
}
