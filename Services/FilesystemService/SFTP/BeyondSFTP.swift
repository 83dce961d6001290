/// Something that SFTP cannot do here, or not as the commands do it. Thrown before anything has been changed; the operation then goes by commands.
struct BeyondSFTP: Error {}
