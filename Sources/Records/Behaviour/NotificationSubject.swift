/// What a notification is about; everybody chooses of what they are told (C6).
public enum NotificationSubject: String, Sendable, CaseIterable {
    case assigned, departed, approval, due, shared, job, followed, mentioned, automation, report
    /// Something is broken and somebody must look: cannot be turned off.
    case trouble

    /// Those that may be turned off, with what the settings call them.
    public static let chosen: [(subject: NotificationSubject, label: Words)] = [
        (.assigned, Words("分配给我的记录", "Records assigned to me")),
        (.departed, Words("我的记录被转走或放入公海", "My records that others took over or released")), (.approval, Words("待我审批与审批结果", "Approvals")),
        (.due, Words("任务到期与逾期", "Tasks due")),
        (.shared, Words("共享给我的记录", "Records shared with me")), (.job, Words("批量操作完成", "Bulk changes done")),
        (.mentioned, Words("有人提到我（@）", "Mentions of me (@)")), (.followed, Words("关注的记录有变化", "Changes of what I follow")),
        (.automation, Words("自动化规则的通知", "Messages of automation rules")), (.report, Words("定时报表", "Scheduled reports")),
    ]
}
