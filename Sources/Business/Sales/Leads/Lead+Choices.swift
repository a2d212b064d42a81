import Records

extension Lead {
    public enum Status: String, Choice {
        case new, assigned, contacted, qualified, converted, invalid, lost
        public static let options: [Option<Status>] = [
            .init(.new, "新线索", .sky), .init(.assigned, "已分配", .accent), .init(.contacted, "已联系", .teal), .init(.qualified, "有效", .ok),
            .init(.converted, "已转化", .violet),
            .init(.invalid, "无效"), .init(.lost, "战败", .bad),
        ]
        /// Those somebody works on.
        static let open: [Status] = [.assigned, .contacted, .qualified]
    }

    public enum InvalidReason: String, Choice {
        case wrongNumber = "wrong_no", noIntent = "no_intent", duplicate, outArea = "out_area", competitor, other
        public static let options: [Option<InvalidReason>] = [
            .init(.wrongNumber, "空号错号"), .init(.noIntent, "无意向"), .init(.duplicate, "重复"), .init(.outArea, "外地"),
            .init(.competitor, "已购竞品"), .init(.other, "其他"),
        ]
    }
}
