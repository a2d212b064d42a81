import Records

/// 星河集团, a group of car dealers, travel agencies, a drinks distributor and shops that exists only in the demo (§5).
enum DemoStaff {
    struct Unit: Equatable { var code: String, name: String, parent: String?, kind: Department.Kind }

    static let units: [Unit] = {
        var units = [Unit(code: "XH", name: "星河集团", parent: nil, kind: .company)]
        func add(_ code: String, _ name: String, _ parent: String, _ kind: Department.Kind = .department) {
            units.append(Unit(code: code, name: name, parent: parent, kind: kind))
        }
        for (code, name) in [("HQ-MKT", "市场部"), ("HQ-CARE", "客户服务中心"), ("HQ-FIN", "财务部"), ("HQ-IT", "信息部"), ("HQ-WH", "仓储部")] {
            add(code, name, "XH")
        }
        add("AUTO", "汽车事业部", "XH")
        for (code, name) in [("CX", "星驰杭州城西4S店"), ("BJ", "星驰杭州滨江4S店"), ("SX", "星驰绍兴店")] {
            add(code, name, "AUTO", .store)
            for (part, label) in [("SALES", "销售部"), ("SVC", "售后服务部"), ("CARE", "客服部")] { add("\(code)-\(part)", label, code) }
        }
        add("CONS", "消费事业部", "XH")
        add("TRAVEL", "山河旅行社", "CONS")
        for (code, name) in [("TR-HQ", "山河旅行社杭州总社"), ("TR-1", "山河武林门市"), ("TR-2", "山河钱江门市"), ("TR-3", "山河下沙门市")] {
            add(code, name, "TRAVEL", .store)
        }
        add("WATER", "清泉饮品浙江营销中心", "CONS")
        for (code, name) in [("WA-HZ", "杭州区域"), ("WA-NB", "宁波区域"), ("WA-WZ", "温州区域")] { add(code, name, "WATER") }
        add("SHOPS", "悦邻生活馆", "CONS")
        let shops = ["青禾店", "望潮店", "云栖店", "澄溪店", "梧桐店", "星湖店", "拱宸店", "良渚店", "湘湖店", "乔司店", "闲林店", "临浦店"]
        for (index, name) in shops.enumerated() { add("YL-\(DemoIdentity.padded(index + 1, 2))", "悦邻\(name)", "SHOPS", .store) }
        return units
    }()

    struct Person: Equatable {
        var username: String, name: String, unit: String, roles: [String], manager: String?, mobile: String

        func user(departments: [String: Int64], roles ids: [String: Int64]) -> Record<User> {
            var user = Record<User>()
            user.username = username
            user.title = name
            user.mobile = mobile
            user.email = "\(username)@example.com"
            user.department = departments[unit].map { Ref($0) }
            user.roles = Refs(roles.compactMap { ids[$0] })
            user.status = .active
            user.isDemo = true
            return user
        }
    }

    /// The 68 people of §5, superiors first.
    static func people(seed: UInt64) -> [Person] {
        var people: [Person] = [], random = SplitMix64(seed: seed &+ 68), names: Set<String> = []
        func add(_ username: String, _ unit: String, _ roles: [String], under manager: String?) {
            var name = DemoNames.person(&random)
            while !names.insert(name).inserted { name = DemoNames.person(&random) }
            people.append(
                Person(
                    username: username, name: name, unit: unit, roles: roles, manager: manager,
                    mobile: DemoIdentity.mobile(9900 + people.count)))
        }
        add("gm", "XH", ["gm"], under: nil)
        add("sysop", "HQ-IT", ["admin"], under: "gm")
        add("director1", "AUTO", ["director"], under: "gm")
        add("director2", "CONS", ["director"], under: "gm")
        add("salesmgr1", "CX-SALES", ["sales_mgr"], under: "director1")
        add("svcmgr1", "CX-SVC", ["svc_mgr"], under: "director1")
        add("csmgr1", "HQ-CARE", ["cs_mgr"], under: "director1")
        add("storemgr1", "BJ", ["store_mgr"], under: "director1")
        add("storemgr2", "SX", ["store_mgr"], under: "director1")
        add("storemgr3", "SHOPS", ["store_mgr"], under: "director2")
        add("supervisor1", "CX-SALES", ["supervisor"], under: "salesmgr1")
        add("supervisor2", "BJ-SALES", ["supervisor"], under: "storemgr1")
        add("supervisor3", "SX-SALES", ["supervisor"], under: "storemgr2")
        add("supervisor4", "WATER", ["supervisor"], under: "director2")
        for (index, unit) in ["CX-SALES", "CX-SALES", "CX-SALES", "BJ-SALES", "BJ-SALES", "BJ-SALES", "SX-SALES", "SX-SALES"].enumerated() {
            add(
                "sales0\(index + 1)", unit, ["sales_consultant"],
                under: ["CX-SALES": "supervisor1", "BJ-SALES": "supervisor2"][unit] ?? "supervisor3")
        }
        for (index, unit) in ["TR-HQ", "TR-1", "TR-2", "TR-3"].enumerated() {
            add("tour0\(index + 1)", unit, ["sales_consultant", "tour_sales"], under: "director2")
        }
        for (index, unit) in ["CX-SVC", "CX-SVC", "CX-SVC", "CX-SVC", "BJ-SVC", "BJ-SVC", "BJ-SVC", "SX-SVC", "SX-SVC", "SX-SVC"]
            .enumerated()
        {
            add(
                "advisor\(DemoIdentity.padded(index + 1, 2))", unit, ["svc_advisor"],
                under: ["CX-SVC": "svcmgr1", "BJ-SVC": "storemgr1"][unit] ?? "storemgr2")
        }
        for (index, unit) in ["CX-CARE", "CX-CARE", "BJ-CARE", "BJ-CARE", "SX-CARE", "SX-CARE"].enumerated() {
            add("followup\(index + 1)", unit, ["followup"], under: "csmgr1")
        }
        for (index, unit) in ["CX-CARE", "CX-CARE", "BJ-CARE", "SX-CARE"].enumerated() {
            add("insurance\(index + 1)", unit, ["insurance"], under: "csmgr1")
        }
        for (index, unit) in ["CX-SALES", "BJ-SALES"].enumerated() {
            add("loan\(index + 1)", unit, ["loan"], under: index == 0 ? "salesmgr1" : "storemgr1")
        }
        for index in 1...6 { add("clerk\(index)", "YL-\(DemoIdentity.padded(index * 2 - 1, 2))", ["clerk"], under: "storemgr3") }
        for (index, unit) in ["WA-HZ", "WA-HZ", "WA-HZ", "WA-NB", "WA-NB", "WA-NB", "WA-WZ", "WA-WZ"].enumerated() {
            add("rep0\(index + 1)", unit, ["field_rep"], under: "supervisor4")
        }
        for index in 1...2 { add("marketing\(index)", "HQ-MKT", ["marketing"], under: "gm") }
        for index in 1...2 { add("finance\(index)", "HQ-FIN", ["finance"], under: "gm") }
        for index in 1...2 { add("warehouse\(index)", "HQ-WH", ["warehouse"], under: "gm") }
        return people
    }
}
