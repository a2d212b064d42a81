import Records

extension PaperForm {
    /// I5: form 1, 客户表格.
    static let customerTable = table(
        "customer_table", Words("客户表格", "Customer table"), head: ["region", .today, .reader],
        [
            .counter, "name", "address", .other("contacts", "name", Words("联系人", "Contact"), marked: "is_primary"),
            .other("contacts", "job_title", marked: "is_primary"),
            .field("mobile", "电话", "Telephone"), "dealing_mode", "supply_price_cents", "remark",
        ])
}
