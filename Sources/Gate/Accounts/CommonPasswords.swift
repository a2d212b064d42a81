/// What is guessed first, in China and elsewhere. Only the stem counts: digits and signs put behind it do not make it rare.
enum CommonPasswords {
    static func contains(_ password: String) -> Bool {
        if whole.contains(password) { return true }
        let letters = password.filter { $0.isLetter || $0.isNumber }
        if whole.contains(letters) { return true }
        let stem = String(letters.reversed().drop { $0.isNumber }.reversed())
        let tail = letters.count - stem.count
        return stem.count >= 4 && tail <= 8 && stems.contains(stem)
    }

    private static let whole: Set<String> = words(
        """
        woaini1314 woaini1314520 woaini520 woaini521 woaini123 woaini5201314 woaini1234 5201314 5201314520 52013145201314 1314520
        13145200 1314521 5211314
        7758521 7758258 77585210 147258369 1472583690 123456789 1234567890 12345678910 0123456789 987654321 9876543210 123123123
        1231231234 112233445566
        11223344 1122334455 123321123 1234554321 123454321 12344321 1111111111 0000000000 8888888888 6666666666 88888888 66666666
        00000000 11111111
        qwe123456 qwe1234567 qwe12345678 qwe123456789 qwer123456 qwer1234 qwer12345 qwerty123 qwerty1234 qwerty12345 qwerty123456
        qwertyuiop qwertyuiop123
        asd123456 asd1234567 asdf123456 asdf1234 asdfghjkl asdfghjkl123 zxc123456 zxcvbnm123 zxcvbnm1234 zxcvbnm1234567 a123456789
        a1234567890 a12345678
        a1b2c3d4e5 a1b2c3d4 aa123456789 aa12345678 aaa123456 abc1234567 abc123456789 abc12345678 abcd123456 abcd12345678 abcd1234
        abc123abc123
        1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r 1qaz2wsx3edc 1qaz2wsx 1qazxsw2 qazwsxedc qazwsxedcrfv q1w2e3r4t5 q1w2e3r4 zaq12wsx zaq1xsw2
        qweasdzxc qweasdzxc123
        p@ssw0rd p@ssword passw0rd passw0rd123 p@ssw0rd123 p@ssw0rd1234 admin123456 admin12345678 admin888888 admin@123 admin@1234
        admin@123456 root123456
        administrator iloveyou1314 iloveyou520 iloveyou1234 iloveyou123 trustno1 letmein123 welcome123 welcome1234 changeme123
        changeme1234 default123
        test123456 test12345678 guest123456 user123456 china123456 zhongguo123 beijing2008 beijing2022 shanghai2010 woshishui
        woshishui123 nihao123456
        wang123456 zhang123456 li123456789 caonima123 caonima123456 zhanghao123 mima123456 mimamima 123qwe123qwe 123qweasd 123qweasdzxc
        123asd123 123abc123
        147852369 159357456 159753456 1597534682 741852963 963852741 789456123 7894561230 456789123 321654987 369258147 135792468
        13579246810 246813579
        iloveyou520 superman123 football123 baseball123 sunshine123 princess123 dragon123456 monkey123456 michael123 jordan23 nba123456
        lovely520 love1314520
        """)

    private static let stems: Set<String> = words(
        """
        woaini woaiwojia woaizhongguo woshitiancai wodemima mima mimashi mimashi123 nihao nishishui zhongguo beijing shanghai guangzhou
        shenzhen tianya
        password passwd passw pass admin administrator root user guest test login welcome letmein changeme default master system manager
        office kehu crm
        qwerty qwertyui qwertyuiop qwer qweasd qweasdzxc asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc iloveyou iloveu
        loveyou loveme lovelove
        monkey dragon football baseball basketball superman batman sunshine princess michael jordan shadow killer starwars pokemon
        computer internet china
        huawei xiaomi alibaba tencent baidu weixin wechat taobao abcd abcde abcdef abcdefg abcdefgh abcdefghi woshi woshini caonima
        tamade hello hellohello
        """)

    private static func words(_ text: String) -> Set<String> { Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }
}
