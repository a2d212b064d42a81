import Formats
import Testing

struct ICalendarWriterTests {
    private func written(_ write: (inout ICalendarWriter) -> Void) -> String {
        var calendar = ICalendarWriter(name: "李伟的日程")
        write(&calendar)
        return String(decoding: calendar.finished(), as: UTF8.self)
    }

    @Test("an appointment and a task carry their times")
    func times() {
        let text = written {
            $0.event(
                id: "1@z", title: "回访", from: .instant(1_721_377_800), to: .day(19_924), stamp: -1, place: "展厅",
                link: "https://z.cn/\r\nX:1")
            $0.task(id: "2@z", title: "续保", due: .day(19_923), isDone: true, stamp: 0)
        }
        for line in [
            "BEGIN:VCALENDAR", "DTSTART:20240719T083000Z", "DTEND;VALUE=DATE:20240720", "DTSTAMP:19691231T235959Z", "LOCATION:展厅",
            "URL:https://z.cn/X:1", "BEGIN:VTODO", "DUE;VALUE=DATE:20240719",
            "STATUS:COMPLETED", "END:VCALENDAR",
        ] { #expect(text.split(separator: "\r\n").contains { $0 == line }, "\(line)") }
    }

    @Test("text cannot break out of its line")
    func escaped() {
        let text = written { $0.task(id: "a", title: "一,二;三\\四\r\nBEGIN:VEVENT\u{7}", due: .day(0), isDone: false, stamp: 0) }
        #expect(text.contains("SUMMARY:一\\,二\\;三\\\\四\\nBEGIN:VEVENT\r\n"))
    }

    @Test("long lines are folded at 75 bytes without cutting a character")
    func folded() {
        let title = String(repeating: "长", count: 200)
        let text = written { $0.task(id: "a", title: title, due: .day(0), isDone: false, stamp: 0) }
        #expect(text.utf8.split(separator: 0x0A).allSatisfy { $0.count <= 76 })
        #expect(text.replacing("\r\n ", with: "").contains("SUMMARY:" + title + "\r\n"))
    }
}
