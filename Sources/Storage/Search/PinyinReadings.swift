/// Characters whose sound the general table gets wrong in names and places, or that have several: the usual one in names first.
enum PinyinReadings {
    static let all: [Unicode.Scalar: [[UInt8]]] = {
        var readings: [Unicode.Scalar: [[UInt8]]] = [:]
        for entry in table.split(whereSeparator: \.isWhitespace) {
            guard let character = entry.unicodeScalars.first else { continue }
            readings[character] = entry.dropFirst().split(separator: "/").map { Array($0.utf8) }
        }
        return readings
    }()

    private static let table = """
        曾zeng/ceng 单shan/dan 仇qiu/chou 查zha/cha 解xie/jie 朴piao/pu 翟zhai/di 覃qin/tan 尉wei/yu 盖gai/ge 冼xian 缪miao/mou 区qu/ou 任ren
        乐le/yue 华hua 纪ji 宁ning 石shi/dan 种zhong/chong 万wan/mo 俞yu/shu 员yuan/yun 祭ji/zhai 贾jia/gu 晟sheng/cheng 逄pang 乜nie/mie 令ling
        仉zhang 佘she 俱ju 冯feng/ping 况kuang 哈ha 尹yin 车che/ju 闵min 召shao/zhao 句gou/ju 吁yu/xu 占zhan 卜bu/bo 洗xi/xian 葛ge 盛sheng/cheng
        谌chen/shen 郇xun/huan 郗xi/chi 隗wei/kui 睢sui 繁fan/po 黑hei/he 折zhe/she 撒sa 眭sui 亓qi 幺yao 揭jie 那na 牟mou/mu 荀xun 适shi/kuo
        秘mi/bi 祭ji/zhai 应ying 沈shen/chen 能neng/nai 宓mi/fu 芮rui 莘shen/xin 訾zi 郜gao 酆feng 阚kan 褚chu/zhu 褶zhe 燕yan 要yao 宿su/xiu
        尧yao 员yuan/yun 长chang/zhang 重chong/zhong 厦sha/xia 行xing/hang 都du/dou 大da/dai 会hui/kuai 还huan/hai 传chuan/zhuan 藏zang/cang
        调diao/tiao 朝chao/zhao 圳zhen 蚌beng/bang 埔pu/bu 番fan/pan 六liu/lu 台tai 铅qian/yan 荥xing/ying 浚xun/jun 枞zong 涡wo/guo 亳bo 歙she/xi
        黟yi 泌mi/bi 渑mian/sheng 阿a/e 弹dan/tan 校xiao/jiao 角jiao/jue 奇qi/ji 参can/shen 差cha/chai 畜xu/chu 率lv/shuai 栖qi/xi 什shi/shen
        地di/de 得de/dei 着zhe/zhao 了le/liao 给gei/ji 卡ka/qia 模mo/mu 壳ke/qiao 削xue/xiao 血xue/xie 色se/shai 薄bo/bao 剥bo/bao 曲qu 说shuo/shui
        数shu/shuo 假jia 降jiang/xiang 强qiang/jiang 巷xiang/hang 系xi/ji 相xiang 省sheng/xing 识shi/zhi 宅zhai 拓tuo/ta 提ti/di 通tong 屯tun/zhun
        洞dong/tong 塘tang 丽li 信xin/shen 贲ben/bi 费fei/bi 合he/ge 号hao 虹hong/jiang 红hong 济ji 间jian 监jian 劲jin/jing 缙jin 静jing 勘kan
        吕lv/lu 绿lv/lu 律lv/lu 旅lv/lu 履lv/lu 侣lv/lu 铝lv/lu 闾lv/lu 女nv/nu 略lve/lue 呂lv/lu 滤lv/lu 虑lv/lu 驴lv/lu 氯lv/lu
        乌wu 吴wu 余yu 於yu 于yu 峪yu 蔚wei/yu 尉wei/yu 遗yi/wei 殷yin/yan 柏bai/bo 伯bo/bai 百bai/bo 北bei 陂pi/bei 堡bao/pu 铺pu 瀑pu/bao
        勺shao 杓shao/biao 嵊sheng 涪fu 郫pi 犍qian/jian 儋dan 乐le/yue 耒lei 郴chen 洮tao 岷min 磴deng 邗han 邳pi 盱xu 眙yi 睢sui 濮pu 漯luo/ta
        鄄juan 莒ju 芝zhi 栾luan 偃yan 荣rong 鄢yan 邛qiong 筠yun/jun 珙gong 綦qi 衢qu 丽li 嵊sheng 鄞yin 甬yong 瓯ou 藁gao 蠡li 井jing
        """
}
