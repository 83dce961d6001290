/// The program that watches a file on the system: POSIX shell with `stat`, `dd`, `base64` of coreutils.
///
/// It is a constant. `$1` is the file. It does something only when a line of its input asks for it, and answers each with lines of which the last
/// is a dot. So it ends with its input, which is when the channel is closed; `tail -F` would have to be killed then, and would not tell where it
/// was when the file was truncated or replaced. The file stays open, so what is still written to one that was renamed is not lost.
enum FollowScript {
    static let text = #"""
        if [ -e "$1" ] && [ ! -d "$1" ] && [ ! -f "$1" ]; then
            # Opening a pipe would wait for its other end.
            echo "tail: $1: Not a regular file" >&2
            exit 1
        fi
        { {
            while read -r word offset size; do
                case $word in
                    # Of the open file and of the one that has its name now.
                    look) stat -L --format='%d:%i %s' -- /dev/fd/3 "$1" ;;
                    # In one line, as it may be shorter than was asked for.
                    read)
                        dd if=/dev/fd/3 bs=64K iflag=skip_bytes,count_bytes,fullblock skip="$offset" count="$size" status=none | base64 -w 0
                        echo
                        ;;
                esac
                echo .
            done
            exit 0
        } 3< "$1"; } 2> /dev/null
        # It cannot be opened: the same once more, in words that do not depend on the shell.
        exec head --bytes=1 -- "$1" > /dev/null
        """#
}
