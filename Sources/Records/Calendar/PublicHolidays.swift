/// The State Council's notices on public holidays, as records to start from.
///
/// Sources: 国办发明电〔2023〕7号 (2024), 国办发明电〔2024〕12号 (2025), 国务院办公厅 4 November 2025 (2026). Weekends that a holiday merely
/// touches need no record.
public enum PublicHolidays {
    public static let years = [2024, 2025, 2026]

    public static func days(of year: Int) -> [Record<CalendarDay>] {
        (notices[year] ?? []).flatMap { notice in
            notice.off.compactMap { record(notice.name, year, $0, .holiday) }
                + notice.worked.compactMap { record("\(notice.name)调休", year, $0, .workday) }
        }
    }

    /// A holiday's days off and the weekend days worked for it, as month × 100 + day.
    private struct Notice {
        var name: String
        var off: [Int]
        var worked: [Int] = []
        init(_ name: String, _ off: [Int], worked: [Int] = []) {
            self.name = name
            self.off = off
            self.worked = worked
        }
    }

    private static let notices: [Int: [Notice]] = [
        2024: [
            Notice("元旦", [101]), Notice("春节", Array(210...217), worked: [204, 218]), Notice("清明节", Array(404...406), worked: [407]),
            Notice("劳动节", Array(501...505), worked: [428, 511]), Notice("端午节", [610]), Notice("中秋节", Array(915...917), worked: [914]),
            Notice("国庆节", Array(1001...1007), worked: [929, 1012]),
        ],
        2025: [
            Notice("元旦", [101]), Notice("春节", Array(128...131) + Array(201...204), worked: [126, 208]), Notice("清明节", Array(404...406)),
            Notice("劳动节", Array(501...505), worked: [427]), Notice("端午节", [531, 601, 602]),
            Notice("国庆节、中秋节", Array(1001...1008), worked: [928, 1011]),
        ],
        2026: [
            Notice("元旦", Array(101...103), worked: [104]), Notice("春节", Array(215...223), worked: [214, 228]),
            Notice("清明节", Array(404...406)),
            Notice("劳动节", Array(501...505), worked: [509]), Notice("端午节", Array(619...621)), Notice("中秋节", Array(925...927)),
            Notice("国庆节", Array(1001...1007), worked: [920, 1010]),
        ],
    ]

    private static func record(_ name: String, _ year: Int, _ date: Int, _ kind: CalendarDay.Kind) -> Record<CalendarDay>? {
        guard let day = Day(year: year, month: date / 100, day: date % 100) else { return nil }
        var record = Record<CalendarDay>()
        (record.title, record.day, record.kind) = (name, day, kind)
        return record
    }
}
