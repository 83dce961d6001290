import GoldcrestProtocol

/// The program that reads from a file on the system: POSIX shell with `stat`, `head`, `dd` of coreutils.
///
/// It is a constant. `$1` is the file. It prints what `stat` says of it, then waits for a line with an offset and a length and shows so much of
/// it; without that line it ends. As the file stays open, what is shown is of the very file that was looked at, whatever its name leads to then.
enum DownloadScript {
    static let text = """
        exec 4>&2
        # Opening a pipe would wait for its other end.
        if [ -f "$1" ]; then
            { {
                stat --format='\(FileStat.format)' - <&3 2>&4 || exit 1
                read -r offset size || exit 0
                exec dd bs=64K iflag=skip_bytes,count_bytes,fullblock skip="$offset" count="$size" status=none <&3 2>&4
            } 3< "$1"; } 2> /dev/null
            # It cannot be opened: the same once more, in words that do not depend on the shell.
            exec head --bytes=0 -- "$1" 2>&4
        fi
        exec stat -L --format='\(FileStat.format)' -- "$1"
        """
}
