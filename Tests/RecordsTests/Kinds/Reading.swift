import Testing

@testable import Records

/// What came of reading something: the value, or the fault's code.
enum Outcome: Equatable, CustomStringConvertible {
    case value(Value)
    case fault(String)

    var description: String {
        switch self {
        case .value(let value): "\(value)"
        case .fault(let code): "fault \(code)"
        }
    }

    var isFault: Bool { if case .fault = self { true } else { false } }
}

extension FieldKind {
    func parsed(_ text: String) -> Outcome {
        do { return .value(try parse(text)) } catch { return .fault(error.code) }
    }

    func accepted(_ plain: Plain) -> Outcome {
        do { return .value(try accept(plain)) } catch { return .fault(error.code) }
    }

    /// What is typed again and what programs send back is the same value.
    func expectRoundTrip(_ value: Value, _ location: SourceLocation = #_sourceLocation) {
        #expect(parsed(edit(value)) == .value(value), "edit \(edit(value))", sourceLocation: location)
        #expect(accepted(plain(value)) == .value(value), "plain \(plain(value))", sourceLocation: location)
        #expect(check(value)?.isWarning ?? true, "check \(check(value)?.message ?? "")", sourceLocation: location)
    }
}

enum Samples {
    enum Mood: String, Choice {
        case happy, sad, soSo = "so_so"
        static let options: [Records.Option<Mood>] = [
            .init(.happy, "高兴", .ok, aliases: ["开心"]), .init(.sad, "难过", .bad), .init(.soSo, "一般", english: "So-so"),
        ]
    }

    static let role = FieldSpec("role", "角色", ChoiceKind(Mood.self))

    /// Every kind with values that it may hold.
    static let all: [(any FieldKind, [Value])] = [
        (TextKind(), ["张伟", "=cmd|' /C calc'!A0", "👨‍👩‍👧‍👦 مرحبا", "a b"]),
        (TextKind(limit: 500, isLong: true), ["第一行\n第二行\t尾"]),
        (LongTextKind(), ["第一行\n第二行", "x"]),
        (JSONTextKind(), [#"{"a":1}"#]),
        (WholeNumberKind(), [0, -5, 1_234_567, .int(1 << 53), .int(-(1 << 53))]),
        (WholeNumberKind(range: 1...10), [1, 10]),
        (DecimalKind(scale: 3), [0, 1, -1, 1500, 123_456_789, .int(1 << 52)]),
        (DecimalKind(scale: 0), [7]),
        (RealKind(), [.real(0.1), .real(-12.5), .real(1e15), .real(0)]),
        (MoneyKind(), [0, 1, 99, 123_450, 100_000_000_000_000]),
        (MoneyKind(allowsNegative: true), [-1, -123_450]),
        (PercentKind(), [0, 1, 1250, 10_000]),
        (ScoreKind(), [0, 100]),
        (YesNoKind(), [0, 1]),
        (DayKind(), [0, -25_567, 20_780, 84_370]),
        (InstantKind(), [0, 1_795_410_460_000, 1_795_410_460_123, -1, 60_000, -2_209_017_600_000]),
        (ChoiceKind(Mood.self), ["happy", "so_so"]),
        (ChoicesKind(Mood.self), [.list(["happy"]), .list(["happy", "so_so"])]),
        (LinkKind("users"), [1, .int(1 << 53)]),
        (LinksKind("tags"), [.list([3, 1])]),
        (LinksKind.attachments(), [.list([9])]),
        (MobileKind(), ["13800138000"]),
        (
            PhoneKind(),
            ["0571-88886666", "0571-88886666-802", "400-800-8888", "13800138000", "010-65551234", "88886666", "95518", "+85223456789"]
        ),
        (EmailKind(), ["zhang@example.com", "a.b+c@mail.example.com.cn"]),
        (
            URLKind(),
            ["https://www.example.com/a?b=c#d", "mailto:a@example.com", "tel:+8613800138000", "http://[::1]:8080/", "https://例子.中国/"]
        ),
        (AddressKind(), ["浙江省杭州市滨江区江南大道 1 号"]),
        (RegionKind(level: 2), ["杭州市"]),
        (CoordinatesKind(), ["120.153576,30.287459", "-0.5,-90"]),
        (PlateKind(), ["浙A12345", "浙AD12345", "粤BF12345", "沪A12345D", "粤Z1234港", "京A1234领", "使014578"]),
        (VINKind(), ["1M8GDM9AXKP042788"]),
        (USCCKind(), ["91350100M000100Y43"]),
        (ResidentIDKind(), ["11010519491231002X"]),
        (BankAccountKind(), ["6222020000000000000", "12345678"]),
        (PostcodeKind(), ["310000"]),
        (WorkingHoursKind(), ["09:00-12:00,13:30-18:00", "00:00-24:00"]),
        (PassportKind(), ["E12345678"]),
        (AutoNumberKind("CUS-{yyyyMMdd}-{####}"), ["CUS-20261123-0001"]),
        (ComputedKind(MoneyKind()), [100]),
        (RollUpKind(DayKind()), [20_780]),
    ]

    static var kinds: [any FieldKind] { all.map(\.0) }
}
