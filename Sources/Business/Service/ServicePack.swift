import Records

extension Pack {
    public static let service = Pack(
        "service", Words("服务", "Service"),
        Words("服务请求、前台接待、知识库、投诉与改进、回访、问卷与满意度", "Requests, reception, knowledge, complaints, follow-up, questionnaires, surveys"),
        icon: "life-buoy", isOnAtFirst: true,
        [
            ServiceCapability.self, ComplaintsCapability.self, SurveysCapability.self, FollowUpCapability.self, ServiceOverview.self,
        ])
}

/// What service as a whole came to.
enum ServiceOverview: Capability {
    static let name = "service_overview", label = "服务总览"
    static let entities: [any Entity.Type] = []
    static let reports = ServiceReports.all
    static let dashboards = ServiceDashboard.all
}
