/// Appends a whole number in decimal digits.
@inline(__always)
func appendDigits(of number: Int64, to bytes: inout [UInt8]) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(of: number.magnitude, to: &bytes)
}

/// Appends a natural number in decimal digits.
func appendDigits(of number: UInt64, to bytes: inout [UInt8]) {
    if number < 10 {
        bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
        return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
        var rest = number
        var place = 20
        while rest > 0 {
            place -= 1
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            digits[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[place...]))
    }
}

/// Appends hundredths as a number with two decimals.
func appendHundredths(_ number: Int64, to bytes: inout [UInt8]) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, cents) = number.magnitude.quotientAndRemainder(dividingBy: 100)
    appendDigits(of: whole, to: &bytes)
    bytes.append(UInt8(ascii: "."))
    appendPadded(cents, to: &bytes)
}

/// Appends at least two digits.
func appendPadded(_ number: UInt64, to bytes: inout [UInt8]) {
    if number < 10 { bytes.append(UInt8(ascii: "0")) }
    appendDigits(of: number, to: &bytes)
}
