/// Names of people, firms and places that exist nowhere, put together from common parts.
public enum DemoNames {
    static let surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚柳陶柯冉齐庄"
        .map(String.init)
    static let firsts = "知书景若清思安云亦以予望听怀述沐南秋夏朝松青明文嘉修泽锦润佳".map(String.init)
    static let seconds = "遥禾澄棠舟川远简溪屿岚泊衡昀笙榆砚柠竹言初野映朗桥苓朔和帆宜".map(String.init)

    public static func person(_ random: inout SplitMix64) -> String { random.pick(surnames) + given(&random) }
    public static func given(_ random: inout SplitMix64) -> String { random.pick(firsts) + random.pick(seconds) }

    static let brandFirsts = "宏永恒瑞嘉盛博锦鼎裕泰隆丰源通".map(String.init)
    static let brandSeconds = "峤沣垚穗霖昱淼澍桁珩铄堃芃熠岑".map(String.init)
    static let companies = [
        "建设有限公司", "机电科技有限公司", "物流有限公司", "纺织有限公司", "环境工程有限公司", "信息技术有限公司", "医疗器械有限公司", "装饰工程有限公司", "电子商务有限公司", "园林绿化有限公司",
    ]
    static let shops = ["食品商行", "副食批发部", "商贸有限公司", "粮油店", "便利连锁有限公司", "饮品配送部", "超市", "烟酒商店"]
    static let offices = ["街道办事处", "市政养护中心", "社区服务中心", "文化馆", "环卫所"]
    static let industries = ["建筑业", "机械制造", "物流运输", "纺织服装", "环保工程", "信息技术", "医疗器械", "装饰装修", "电子商务", "园林绿化"]

    /// The firm's own word; each of 225 in turn.
    static func brand(_ index: Int) -> String {
        brandFirsts[index % brandFirsts.count] + brandSeconds[index / brandFirsts.count % brandSeconds.count]
    }

    public struct City: Sendable { public var name: String, districts: [String], roads: [String] }
    static let hangzhou = City(
        name: "杭州市", districts: ["上城区", "拱墅区", "西湖区", "滨江区", "萧山区", "余杭区", "临平区", "钱塘区"], roads: ["星湖街", "望潮路", "云栖里", "青禾路", "澄溪街", "梧桐弄"])
    static let shaoxing = City(name: "绍兴市", districts: ["越城区", "柯桥区", "上虞区"], roads: ["镜水路", "云渡街", "稽山弄", "鉴溪路"])
    static let ningbo = City(name: "宁波市", districts: ["海曙区", "江北区", "鄞州区", "镇海区"], roads: ["望海路", "甬潮街", "明楼弄", "三桥路"])
    static let wenzhou = City(name: "温州市", districts: ["鹿城区", "龙湾区", "瓯海区"], roads: ["瓯景路", "雁归街", "塘河弄", "九山里"])

    static let interests = ["自驾游", "摄影", "钓鱼", "跑步", "羽毛球", "烘焙", "茶道", "骑行", "露营", "书法", "养花", "看展"]
    static let diets = ["不吃辣", "海鲜过敏", "素食", "少油少盐", "不吃香菜", "清真饮食", "爱喝龙井"]
    static let taboos = ["不要在中午来电", "不要提价格战", "不喜欢被称呼「老板」", "家人在孕期，店内避免烟味", "不接陌生号码，先发微信", "开会多，只接受下午联系"]
}
