import Foundation

/// A server with a certificate of its own making for `localhost`: HTTPS, or SMTP with STARTTLS. Python's, because it brings TLS.
final class EncryptedServer: Sendable {
    let port: Int
    let certificate: String
    private let folder: URL
    /// The server ends when this is closed, at the latest with our own process.
    private let life: FileHandle

    static let isPossible = ["/usr/bin/openssl", "/usr/bin/python3"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    init(_ script: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "zhike-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "cert.pem").path
        let python = Process(), output = Pipe(), input = Pipe()
        python.executableURL = URL(filePath: "/usr/bin/python3")
        python.arguments = ["-u", "-c", EncryptedServer.prelude + script, folder.path]
        python.standardInput = input
        python.standardError = FileHandle.nullDevice
        python.standardOutput = output
        try python.run()
        life = input.fileHandleForWriting
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// What the server wrote down.
    var heard: String { (try? String(contentsOf: folder.appending(path: "heard"), encoding: .utf8)) ?? "" }

    deinit {
        try? life.close()
        try? FileManager.default.removeItem(at: folder)
    }

    private static let prelude = """
        import os, socket, ssl, subprocess, sys, threading
        os.closerange(3, 1024)
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        folder = sys.argv[1]
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
            '-addext', 'subjectAltName=DNS:localhost',
            '-keyout', folder + '/key.pem', '-out', folder + '/cert.pem'], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
        listener = socket.create_server(('127.0.0.1', 0))
        print(listener.getsockname()[1], flush=True)
        def note(text):
            with open(folder + '/heard', 'ab') as file: file.write(text)

        """

    static let https = """
        while True:
            raw, _ = listener.accept()
            try:
                peer = context.wrap_socket(raw, server_side=True)
                note(peer.recv(65536))
                peer.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok')
                peer.close()
            except Exception: raw.close()
        """

    static let smtp = """
        def serve(peer):
            try:
                peer.sendall(b'220 sink\\r\\n')
                data, safe = False, False
                while True:
                    part = peer.recv(65536)
                    if not part: return
                    note((b'[safe] ' if safe else b'[open] ') + part)
                    if data:
                        tail = (tail + part)[-5:]
                        if tail == b'\\r\\n.\\r\\n':
                            data = False
                            peer.sendall(b'250 taken\\r\\n')
                        continue
                    verb = part[:4].upper()
                    if verb == b'EHLO': peer.sendall(b'250-sink\\r\\n250 AUTH PLAIN\\r\\n' if safe else b'250-sink\\r\\n250 STARTTLS\\r\\n')
                    elif verb == b'STAR':
                        peer.sendall(b'220 go\\r\\n')
                        peer, safe = context.wrap_socket(peer, server_side=True), True
                    elif verb == b'AUTH': peer.sendall(b'334 \\r\\n' if part.count(b' ') == 1 else b'235 ok\\r\\n')
                    elif part == b'AHUAZ2VoZWlt\\r\\n': peer.sendall(b'235 ok\\r\\n')
                    elif verb == b'DATA':
                        data, tail = True, b''
                        peer.sendall(b'354 go\\r\\n')
                    elif verb == b'QUIT':
                        peer.sendall(b'221 bye\\r\\n')
                        return
                    else: peer.sendall(b'250 ok\\r\\n')
            except Exception: pass
            finally: peer.close()
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=serve, args=(raw,), daemon=True).start()
        """
}
