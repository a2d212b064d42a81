import Records

extension PaperForm {
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
            .lines("plan", ["name", "part_bp", "comes_to_cents", "due_on", "after_days"], totals: ["comes_to_cents"]),
            .text("payment_terms"), .text("remark"),
            .signatures(Words("甲方", "Customer"), Words("乙方", "Company")),
        ])
}
