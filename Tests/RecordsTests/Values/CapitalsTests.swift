import Records
import Testing

@Suite("Money in capital figures") struct CapitalsTests {
    @Test(
        "as the rule's own examples and the noughts between groups have it",
        arguments: [
            (140_950, "壹仟肆佰零玖元伍角"), (600_714, "陆仟零柒元壹角肆分"), (168_032, "壹仟陆佰捌拾元零叁角贰分"), (10_700_053, "壹拾万柒仟元零伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"), (32_504, "叁佰贰拾伍元零肆分"),
            (0, "零元整"), (5, "伍分"), (50, "伍角"), (1_000, "壹拾元整"), (10_005_000, "壹拾万零伍拾元整"), (10_000_500_000, "壹亿零伍仟元整"),
            (100_000_001, "壹佰万元零壹分"),
        ] as [(Int64, String)])
    func examples(cents: Int64, text: String) {
        #expect(Money(cents: cents).capitals == "人民币" + text)
    }

    @Test("below nothing, and the largest there is")
    func limits() {
        #expect(Money(cents: -100).capitals == "人民币负壹元整")
        #expect(Money(cents: .max).capitals.hasSuffix("元零柒分"))
        #expect(Money(cents: .min).capitals.hasPrefix("人民币负"))
    }
}
