import Testing

@testable import Records

@Suite("Text")
struct TextKindsTests {
    @Test("text is composed, trimmed and free of control characters")
    func cleaned() {
        #expect(TextKind().parsed("  e\u{301}  ") == .value("é"))
        if case .value(.text(let text)) = TextKind().parsed("e\u{301}") { #expect(text.unicodeScalars.count == 1) }
        #expect(TextKind().parsed("a\u{0}b") == .fault("control_character"))
        #expect(TextKind().parsed("a\u{1B}b") == .fault("control_character"))
        #expect(TextKind().parsed("a\r\nb\tc") == .value("a b c"))
        #expect(LongTextKind().parsed("a\r\nb\rc\td\n\n ") == .value("a\nb\nc\td"))
        #expect(LongTextKind().parsed(" \n ") == .value(.null))
        #expect(TextKind().parsed("\u{202E}אב👨‍👩‍👧") == .value("\u{202E}אב👨‍👩‍👧"))
    }

    @Test("the limit counts code points, as JSON Schema does")
    func limit() {
        #expect(TextKind(limit: 3).parsed("张张张") == .value("张张张"))
        #expect(TextKind(limit: 3).parsed("张张张张") == .fault("too_long"))
        #expect(TextKind(limit: 3).parsed("𠮷𠮷𠮷") == .value("𠮷𠮷𠮷"))
        #expect(TextKind(limit: 3).parsed("a" + String(repeating: "\u{301}", count: 10)) == .fault("too_long"))
        // Composed text may be within the limit although it was typed decomposed.
        #expect(TextKind(limit: 2).parsed("e\u{301}e\u{301}") == .value("éé"))
        #expect(TextKind(limit: 2).check("张张张")?.code == "too_long")
    }

    @Test("a name is masked to its first character")
    func mask() {
        #expect(TextKind().mask("张伟") == "张**")
        #expect(LongTextKind().mask("x") == "****")
    }

    @Test("coordinates are longitude and latitude")
    func coordinates() {
        let kind = CoordinatesKind()
        #expect(kind.parsed("120.153576, 30.287459") == .value("120.153576,30.287459"))
        #expect(kind.parsed("１２０.15，30.280000") == .value("120.15,30.28"))
        #expect(kind.parsed("120.1535761234567,30.287459") == .value("120.153576,30.287459"))
        for text in ["30.28,120.15", "181,0", "120.15", "1,2,3", "a,b", "1e2,3", ",", "120.15,", "--1,2"] {
            #expect(kind.parsed(text).isFault, "\(text)")
        }
        #expect(Coordinates(stored: "120.15,30.28") == Coordinates(longitude: 120.15, latitude: 30.28))
        #expect(Coordinates(longitude: 120.15, latitude: 30.28).stored == "120.15,30.28")
        #expect(Coordinates(longitude: .nan, latitude: 0).stored == .null)
    }
}

@Suite("Choices and links")
struct ChoiceKindsTests {
    typealias Mood = Samples.Mood

    @Test("an option is known by code, label, English label and alias", arguments: ["happy", "HAPPY", "高兴", " 高兴 ", "Happy", "开心"])
    func choice(_ text: String) { #expect(ChoiceKind(Mood.self).parsed(text) == .value("happy")) }

    @Test("programs send codes only")
    func codes() {
        #expect(ChoiceKind(Mood.self).accepted("so_so") == .value("so_so"))
        #expect(ChoiceKind(Mood.self).accepted("高兴") == .fault("unknown_option"))
        #expect(ChoiceKind(Mood.self).parsed("angry") == .fault("unknown_option"))
        #expect(ChoiceKind(Mood.self).check("angry")?.code == "unknown_option")
        #expect(ChoiceKind(Mood.self).show("angry", in: .chinese) == "angry")
        #expect(ChoiceKind(Mood.self).show("so_so", in: .english) == "So-so")
        #expect(ChoiceKind(Mood.self).show("happy", in: .english) == "Happy")
    }

    @Test("an enumeration is a field's value")
    func typed() {
        #expect(Mood(stored: "sad") == .sad && Mood(stored: "gone") == .happy)
        #expect(Mood.sad.stored == "sad" && Mood.sad.label == "难过")
        #expect([Mood](stored: .list(["sad", "gone"])) == [.sad])
        #expect([Mood]().stored == .null)
    }

    @Test("several choices are kept in the options' order, once each")
    func choices() {
        let kind = ChoicesKind(Mood.self)
        #expect(kind.parsed("一般、高兴;so_so") == .value(.list(["happy", "so_so"])))
        #expect(kind.parsed("高兴，angry") == .fault("unknown_option"))
        #expect(kind.accepted(.list(["so_so", "happy", "happy"])) == .value(.list(["happy", "so_so"])))
        #expect(kind.accepted(.list([])) == .value(.null))
        #expect(kind.accepted(.list([.null])) == .fault("wrong_type"))
        #expect(kind.show(.list(["happy", "so_so"]), in: .chinese) == "高兴、一般")
    }

    @Test("several choices stand in their column between commas")
    func encoded() {
        #expect(ChoicesKind.encode(["a", "b"]) == ",a,b,")
        #expect(ChoicesKind.encode([]) == nil)
        #expect(ChoicesKind.decode(",a,b,") == .list(["a", "b"]))
        #expect(ChoicesKind.decode("") == .null)
    }

    @Test("links are ids")
    func links() {
        #expect(LinkKind("users").parsed("#12") == .value(12))
        for text in ["0", "-1", "张伟", "9223372036854775808", "1.5", "１２x"] { #expect(LinkKind("users").parsed(text).isFault, "\(text)") }
        #expect(LinkKind("users").accepted(.int(0)) == .fault("out_of_range"))
        #expect(LinksKind("tags").parsed("3, 1,3") == .value(.list([3, 1])))
        #expect(LinksKind("tags").accepted(.list([3, "x"])) == .fault("wrong_type"))
        #expect(LinksKind("tags").accepted(.list([.object(["id": 3])])) == .value(.list([3])))
        #expect(LinksKind("tags").accepted(.list(Array(repeating: 1, count: 1001))) == .fault("too_many"))
    }

    @Test("a link can say something of its own")
    func attributes() {
        let kind = LinksKind("contacts", attributes: [Samples.role])
        let value = Value.list([.list([3, "happy"]), .list([4, .null])])
        #expect(kind.accepted(.list([.object(["id": 3, "role": "happy"]), .int(4)])) == .value(.list([.list([3, "happy"]), 4])))
        #expect(kind.accepted(kind.plain(value)) == .value(value))
        #expect(kind.accepted(.list([.object(["id": 3, "role": "angry"])])) == .fault("unknown_option"))
        #expect(kind.accepted(.list([.object(["id": 3, "colour": "red"])])) == .fault("unknown_field"))
        #expect(kind.accepted(.list([.object(["role": "happy"])])) == .fault("required"))
        #expect(kind.show(value, in: .chinese) == "#3（高兴）、#4")
        #expect(LinksKind.id(of: .list([3, "happy"])) == 3 && kind.attribute("role", of: .list([3, "happy"])) == "happy")
    }
}

@Suite("Numbers the program gives")
struct AutoNumberKindTests {
    @Test("a pattern makes numbers")
    func format() throws {
        let day = try #require(Day(iso: "2026-01-05"))
        let kind = AutoNumberKind("CUS-{yyyyMMdd}-{####}")
        #expect(kind.format(next: 1, on: day) == "CUS-20260105-0001")
        #expect(kind.format(next: 12_345, on: day) == "CUS-20260105-12345")
        #expect(kind.sequence(on: day) == "CUS-20260105-#")
        #expect(AutoNumberKind("{yy}{MM}-{###}号").format(next: 7, on: day) == "2601-007号")
        #expect(AutoNumberKind("{#}").sequence(on: day) == "#")
    }

    @Test(
        "a pattern needs one counter and known dates",
        arguments: ["CUS", "{####}{##}", "{yyy}{#}", "{", "}", "{#", "{}{#}", "{abc}{#}", "a}{#}", "", "\u{0}{#}", "{#############}"])
    func wrong(_ pattern: String) { #expect(AutoNumberKind(checking: pattern) == nil) }
}

@Suite("Administrators' kinds")
struct FieldKindsTests {
    @Test("every kind on offer can be made from its own settings")
    func make() {
        let settings: [String: [String: Plain]] = [
            "choice": ["options": [["code": "a", "label": "甲", "tone": "ok"]]], "choices": ["options": [["code": "a", "label": "甲"]]],
            "link": ["target": "customers"],
            "links": ["target": "customers"], "region": ["level": 2], "auto_number": ["pattern": "A-{####}"],
        ]
        for offer in FieldKinds.all {
            let kind = FieldKinds.make(name: offer.name, settings: settings[offer.name] ?? [:])
            #expect(kind?.name == offer.name)
            #expect(!offer.label.isEmpty && !offer.english.isEmpty)
            if offer.settings.contains(where: \.isRequired) { #expect(FieldKinds.make(name: offer.name) == nil) }
        }
        #expect(Set(FieldKinds.all.map(\.name)).count == FieldKinds.all.count)
    }

    @Test("wrong settings make no kind")
    func wrong() {
        let wrong: [(String, [String: Plain])] = [
            ("nothing", [:]), ("text", ["limit": 0]), ("text", ["limit": "5"]), ("text", ["limit": .int(.max)]),
            ("whole_number", ["minimum": 5, "maximum": 1]),
            ("choice", ["options": []]), ("choice", ["options": [["code": "a,b", "label": "x"]]]),
            ("choice", ["options": [["code": "a", "label": "x"], ["code": "a", "label": "y"]]]),
            ("choice", ["options": [["code": "a", "label": "\u{0}"]]]), ("link", ["target": "a b"]), ("region", ["level": 4]),
            ("auto_number", ["pattern": "x"]),
            ("money", ["allows_negative": 1]),
        ]
        for (name, settings) in wrong { #expect(FieldKinds.make(name: name, settings: settings) == nil, "\(name) \(settings)") }
        #expect((FieldKinds.make(name: "text", settings: ["limit": 5]) as? TextKind)?.limit == 5)
        #expect((FieldKinds.make(name: "money", settings: ["allows_negative": true]) as? MoneyKind)?.allowsNegative == true)
    }
}
