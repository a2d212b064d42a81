import Foundation
import Records
import Testing

@testable import Service

/// §3.6 against worked cases whose origin is written beside them.
@Suite("Satisfaction") struct SatisfactionTests {
    /// The shared analytics; tests that need them are skipped where they are absent.
    enum Analytics {
        static let folder: String? = {
            if let given = ProcessInfo.processInfo.environment["ZHIKE_FIXTURES"] { return "\(given)/analytics" }
            for start in [#filePath, FileManager.default.currentDirectoryPath + "/."] {
                var place = URL(fileURLWithPath: start)
                while place.path != "/" {
                    place = place.deletingLastPathComponent()
                    let found = place.deletingLastPathComponent().appendingPathComponent("shared/fixtures/analytics").path
                    if FileManager.default.fileExists(atPath: found + "/nps_cases.json") { return found }
                }
            }
            return nil
        }()

        static func json(_ name: String) throws -> [String: Any] {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(name)"))
            return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }

        /// Columns by name.
        static func table(_ name: String) throws -> [String: [String]] {
            let lines = try String(contentsOfFile: "\(folder ?? "")/\(name)", encoding: .utf8).split(whereSeparator: \.isNewline).map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            let head = try #require(lines.first)
            return Dictionary(uniqueKeysWithValues: head.enumerated().map { place, name in (name, lines.dropFirst().map { $0[place] }) })
        }
    }

    private func number(_ value: Any?) throws -> Double { try #require((value as? NSNumber)?.doubleValue) }
    private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-8) -> Bool { abs(a - b) < tolerance }

    private func check(_ found: Satisfaction.NPS, _ expected: [String: Any]) throws {
        let wald = try #require(expected["wald95"] as? [NSNumber]), adjusted = try #require(expected["adjusted_wald95"] as? [NSNumber])
        #expect(
            try near(found.score, number(expected["nps"])) && near(found.standardError, number(expected["se"]))
                && near(found.adjustedScore, number(expected["adjusted_nps"])))
        #expect(near(found.wald.low, wald[0].doubleValue) && near(found.wald.high, wald[1].doubleValue))
        #expect(near(found.adjusted.low, adjusted[0].doubleValue) && near(found.adjusted.high, adjusted[1].doubleValue))
    }

    @Test("NPS and both its intervals in every published case", .enabled(if: Analytics.folder != nil)) func nps() throws {
        let cases = try #require(try Analytics.json("nps_cases.json")["cases"] as? [[String: Any]])
        #expect(cases.count == 9)
        for one in cases {
            func count(_ name: String) throws -> Int { Int(try number(one[name])) }
            try check(Satisfaction.NPS(promoters: count("promoters"), passives: count("passives"), detractors: count("detractors")), one)
        }
    }

    @Test("eight hundred answers give the reference's NPS, CSAT, intervals, means and drivers", .enabled(if: Analytics.folder != nil))
    func survey() throws {
        let table = try Analytics.table("survey_sim.csv"), expected = try Analytics.json("survey_sim.json")
        let nps = try #require(table["nps"]).compactMap(Int.init), csat = try #require(table["csat"]).compactMap(Int.init),
            segment = try #require(table["segment"])
        func score(_ rows: [Int]) -> Satisfaction.NPS {
            let given = rows.map { nps[$0] }
            return Satisfaction.NPS(
                promoters: given.filter { $0 >= 9 }.count, passives: given.filter { (7...8).contains($0) }.count,
                detractors: given.filter { $0 <= 6 }.count)
        }
        try check(score(Array(nps.indices)), try #require(expected["nps_all"] as? [String: Any]))
        for (name, values) in try #require(expected["nps_by_segment"] as? [String: [String: Any]]) {
            try check(score(nps.indices.filter { segment[$0] == name }), values)
        }
        let bySegment = try #require(expected["csat_by_segment"] as? [String: [String: Any]])
        for (rows, values) in [(Array(csat.indices), expected["csat_all"] as? [String: Any])]
            + ["A", "B", "C"].map({ name in (csat.indices.filter { segment[$0] == name }, bySegment[name]) })
        {
            let values = try #require(values), counts = Dictionary(grouping: rows, by: { csat[$0] }).mapValues(\.count)
            let top = (counts[4] ?? 0) + (counts[5] ?? 0), interval = Satisfaction.wilson(top, of: rows.count),
                wilson = try #require(values["wilson95"] as? [NSNumber])
            #expect(near(interval.low, wilson[0].doubleValue) && near(interval.high, wilson[1].doubleValue))
            let mean = try #require(Satisfaction.mean(counts)), t = try #require(values["mean_t95"] as? [NSNumber])
            #expect(
                try near(mean.mean, number(values["mean"])) && near(mean.interval.low, t[0].doubleValue)
                    && near(mean.interval.high, t[1].doubleValue))
        }
        let drivers = try #require(expected["drivers_of_overall"] as? [String: Any]),
            pearson = try #require(drivers["pearson"] as? [String: NSNumber])
        let overall = try #require(table["overall"]).compactMap(Double.init)
        for (name, value) in pearson {
            let column = try #require(table[name]).compactMap(Double.init)
            #expect(near(try #require(Satisfaction.correlation(column, overall)), value.doubleValue))
        }
    }

    @Test("the five factors of J.D. Power 2014, rounded to 101, are weighed as shares of their sum") func csi() throws {
        let weights = [24.0, 21, 21, 18, 17]
        // Everybody at 10 of 10 is 1000, at the middle 500; quality alone two thirds higher moves it by 24/101 of that.
        #expect(near(try #require(Satisfaction.csi(weights.map { ($0, 1) })), 1000))
        #expect(near(try #require(Satisfaction.csi(weights.map { ($0, 0.5) })), 500))
        #expect(near(try #require(Satisfaction.csi([(24, 1)] + [21.0, 21, 18, 17].map { ($0, 0.4) })), 400 + 600 * 24 / 101))
        #expect(Satisfaction.csi([]) == nil)
    }
}
