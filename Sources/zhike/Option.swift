import ArgumentParser

/// In this room an option is the command line's, not a choice's (`Records.Option`).
typealias Option = ArgumentParser.Option
