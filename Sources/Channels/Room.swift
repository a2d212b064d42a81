enum ChannelsRoom {}
