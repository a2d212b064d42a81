import Records

/// Numbers that pass every check and belong to nobody: area code 990000, `DEM` inside the organisation code, phones 1990000NNNN.
public enum DemoIdentity {
    public static func mobile(_ tail: Int) -> String { "1990000" + padded(tail % 10_000, 4) }

    static func idCard(_ birthday: Day, sequence: Int, isMale: Bool) -> String {
        let (year, month, day) = birthday.parts
        // Odd for men, even for women; 0 is not used.
        let order = (sequence % 498 + 1) * 2 + (isMale ? -1 : 0)
        let body = "990000" + padded(year, 4) + padded(month, 2) + padded(day, 2) + padded(order, 3)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body.utf8, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        return body + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
    }

    /// A credit code of the `index`-th demo company.
    static func uscc(_ index: Int, isShop: Bool) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        var organisation =
            "MA" + String(alphabet[index / 961 % 31]) + "DEM" + String(alphabet[index / 31 % 31]) + String(alphabet[index % 31])
        let values = organisation.utf8.map { $0 < 65 ? Int($0) - 48 : Int($0) - 55 }
        let check = 11 - zip(values, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + $1.0 * $1.1 } % 11
        organisation += check == 10 ? "X" : check == 11 ? "0" : String(check)
        let body = (isShop ? "92" : "91") + "330100" + organisation
        var weight = 1, sum = 0
        for character in body {
            sum += (alphabet.firstIndex(of: character) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return body + String(alphabet[(31 - sum % 31) % 31])
    }

    public static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
