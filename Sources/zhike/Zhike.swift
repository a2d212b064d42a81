import ArgumentParser
import TOMLKit
import Logging
import ServiceLifecycle
@main struct Zhike { static func main() {} }
