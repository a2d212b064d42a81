import Records

extension Pack {
    public static let service = Pack(
        "service", Words("服务", "Service"),
        Words("服务请求、前台接待、知识库、投诉与改进、回访、问卷与满意度", "Requests, reception, knowledge, complaints, follow-up, questionnaires, surveys"),
        icon: "life-buoy", isOnAtFirst: true,
        [ServiceCapability.self, ComplaintsCapability.self, SurveysCapability.self, FollowUpCapability.self])
}
