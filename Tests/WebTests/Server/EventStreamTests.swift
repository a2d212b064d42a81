import Synchronization
import Testing

@testable import Web

@Suite("Live pages")
struct EventStreamTests {
    @Test("of a user's pages the newest stay live, the oldest gives way, and nobody else's does")
    func givingWay() {
        let streams = OpenStreams(most: 20), ended = Mutex<[Int]>([])
        let other = streams.begin(of: 8) { ended.withLock { $0.append(-1) } }
        let numbers = (0...OpenStreams.perUser).map { index in streams.begin(of: 7) { ended.withLock { $0.append(index) } } }
        #expect(ended.withLock { $0 } == [0])
        #expect(!streams.has(numbers[0], of: 7) && streams.has(numbers[1], of: 7) && streams.has(other, of: 8))
        streams.end(numbers[0], of: 7)
        streams.end(numbers[1], of: 7)
        _ = streams.begin(of: 7) {}
        #expect(ended.withLock { $0 } == [0])
    }

    @Test("there are as many in all as the process can bear, and each that ends makes room")
    func full() {
        let streams = OpenStreams(most: 2)
        let numbers = (1...2).map { user in streams.begin(of: Int64(user)) {} }
        #expect(streams.isFull)
        streams.end(numbers[0], of: 1)
        streams.end(numbers[0], of: 1)
        #expect(!streams.isFull)
        _ = streams.begin(of: 3) {}
        #expect(streams.isFull)
    }
}
