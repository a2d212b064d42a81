import Foundation
import Records
import Synchronization
import Testing

@testable import Gate

@Suite struct PasswordTests {
    /// RFC 7914 §12.
    @Test("scrypt gives the RFC's bytes") func scryptVectors() {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map {
                let text = String($0, radix: 16); return text.utf8.count == 1 ? "0" + text : text
            }.joined()
        }
        #expect(
            hex(PasswordHash.scrypt(Array("password".utf8), salt: Array("NaCl".utf8), ScryptCost(logN: 10, r: 8, p: 16), count: 64))
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        )
        #expect(
            hex(
                PasswordHash.scrypt(
                    Array("pleaseletmein".utf8), salt: Array("SodiumChloride".utf8), ScryptCost(logN: 14, r: 8, p: 1), count: 64))
                == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        )
    }

    @Test("a stored password is recognised, and only it") func roundTrip() throws {
        let stored = PasswordHash("  清明时节雨纷纷 ", cost: House.cheap).stored
        let hash = try #require(PasswordHash(stored: stored))
        #expect(stored.hasPrefix("scrypt$4$8$1$"))
        #expect(hash.matches("  清明时节雨纷纷 "))
        #expect(!hash.matches("清明时节雨纷纷"))
        #expect(!hash.matches(""))
        #expect(PasswordHash("x", cost: House.cheap).stored != PasswordHash("x", cost: House.cheap).stored)
    }

    @Test("composed and decomposed letters are the same password") func normalised() {
        #expect(PasswordHash("cafe\u{301} au lait", cost: House.cheap).matches("caf\u{e9} au lait"))
    }

    @Test(
        "parameters out of the database are not believed blindly",
        arguments: [
            "scrypt$40$8$1$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA==", "scrypt$17$1$1$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA==", "scrypt$15$8$3$$",
            "md5$1$1$1$a$b", "", "scrypt$20$32$16$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNoaGFzaA==",
        ]) func corrupt(_ text: String)
    { #expect(PasswordHash(stored: text) == nil) }

    @Test(
        "common, short, repeated and own words are refused with a sentence",
        arguments: [
            "woaini1314", "5201314520", "qwe123456", "WoAiNi1314", "short", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "abcabcabcabc",
            "P@ssw0rd1234", "password2026!",
            "13912345678", "110101199003074514", "liwei123456", "瑞达汽车2026", "zhike123456", "ｗｏａｉｎｉ１３１４", "Admin888888",
        ]) func refused(_ password: String)
    {
        let faults = PasswordPolicy.faults(in: password, minimum: 10, context: ["liwei", "李伟", "瑞达汽车"])
        #expect(faults.count == 1 && faults.first?.field == "password" && faults.first?.message.isEmpty == false)
    }

    @Test(
        "long passphrases, Chinese too, pass without rules about kinds of characters",
        arguments: [
            "春风十里不如一杯茶", "correct horse battery", " leading and trailing ", String(repeating: "床前明月光疑是地上霜", count: 12),
            "liwei drinks green tea", "rakom-vudip-47-nebuf",
        ]) func accepted(_ password: String)
    { #expect(PasswordPolicy.faults(in: password, minimum: 8, context: ["liwei", "瑞达汽车"]).isEmpty) }

    @Test("more than 128 characters are too many") func tooLong() {
        #expect(PasswordPolicy.faults(in: String(repeating: "山水", count: 65), minimum: 10).first?.code == "too_long")
    }

    @Test("an initial password passes the policy and is never the same") func initial() {
        let made = (0..<200).map { _ in InitialPassword.fresh() }
        #expect(Set(made).count == 200)
        #expect(made.allSatisfy { PasswordPolicy.faults(in: $0, minimum: 10).isEmpty })
    }

    @Test("two are hashed at a time, twenty wait, the next is sent away with a time to come again") func bounded() async throws {
        let desk = PasswordDesk(cost: House.cheap)
        let gateKeeper = Latch(), running = Count()
        let done = await withTaskGroup(of: Bool.self, returning: (served: Int, refused: Int).self) { group in
            for _ in 0..<30 {
                group.addTask {
                    do {
                        try await desk.run {
                            running.enter()
                            gateKeeper.wait()
                            running.leave()
                        }
                        return true
                    } catch { return false }
                }
            }
            var refused = 0, served = 0
            for await wasServed in group {
                if wasServed { served += 1 } else { refused += 1 }
                if refused == 8 { gateKeeper.open() }
            }
            return (served, refused)
        }
        #expect(done.served == 22 && done.refused == 8)
        #expect(running.most == 2)
    }

    @Test("an unknown user costs a hash like a known one") func dummy() async throws {
        let desk = PasswordDesk(cost: House.cheap)
        let stored = try await desk.hash("correct horse battery")
        #expect(try await desk.check("correct horse battery", against: stored))
        let before = desk.hashed
        #expect(try await !desk.check("correct horse battery", against: nil))
        #expect(try await !desk.check("", against: nil))
        #expect(desk.hashed == before + 2)
    }
}

/// How many are inside at once.
final class Count: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var most: Int { state.withLock { $0.most } }
    func enter() {
        state.withLock {
            $0.now += 1; $0.most = max($0.most, $0.now)
        }
    }
    func leave() { state.withLock { $0.now -= 1 } }
}

/// Holds threads back until it is opened.
final class Latch: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func wait() { semaphore.wait(); semaphore.signal() }
    func open() { semaphore.signal() }
}
