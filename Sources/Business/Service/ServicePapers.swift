import Records

extension PaperForm {
    /// I12: form 4, 客户投诉处理记录表.
    static let complaintTable = table(
        "complaint_table", Words("客户投诉处理记录表", "Record of complaints handled"), head: [.today, .reader],
        [
            .field("no", "编号", "No."), .field("customer_id", "客户名称", "Customer"), "content", "contact_way", "opinion", "handler_id",
            "handled_on",
            .field("created_at", "填表日期", "Filled in on"), .field("created_by", "记录人", "Recorded by"),
        ])

    /// One complaint on one sheet, for the file.
    static let complaint = sheet(
        "complaint", Words("客户投诉处理单", "Complaint"),
        head: ["no", .field("received_at", "收到时间", "Received"), .field("created_by", "记录人", "Recorded by")],
        [
            .grid(
                ["customer_id", "contact_way"], ["type", "channel"], ["level", "severity"], ["handler_department_id", "liability"],
                ["cause_id", "compensation_cents"],
                ["content"], ["demand"], ["evidence"], ["root_cause"], ["proposal"], ["opinion"], ["customer_answer"],
                ["handler_id", "handled_on"]
            ),
            .signatures(Words("处理人", "Handled by"), Words("部门负责人", "Head of department"), Words("客户", "Customer")),
        ])

    /// D12: the call sheet, with room for what was said.
    static let callSheet = sheet(
        "call_sheet", Words("跟踪服务单", "Call sheet"), head: ["due_at", .field("owner_id", "回访人", "Caller")],
        [
            .grid(
                ["customer_id", "customer_id.mobile"], ["scene", "method_id"], ["title"], ["questionnaire_id", "attempts"], ["remark"],
                [.blank("通话结果", "Result"), .blank("通话时间", "Time")], [.blank("客户意见", "What the customer said")],
                [.blank("下次联系", "Next contact"), .blank("需跟进事项", "To be done")]
            ),
            .signatures(Words("回访人", "Caller"), Words("审核", "Checked by")),
        ])

    /// A11: the book at the reception desk.
    static let receptions = table(
        "receptions", Words("接待登记表", "Visitors"), head: [.today, .reader],
        [
            "queue_no", "visitor", "customer_id", "people", "purpose", "arrived_at", "consultant_id", "served_at", "left_at",
            "wait_minutes", "result",
        ], totals: ["people"])
}
