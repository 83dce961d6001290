/// The program that receives a file on the system: POSIX shell with `head`, `mv`, `cp`, `chmod` of coreutils.
///
/// It is a constant. What it works on it gets as arguments: `$1` the file, `$2` a word that makes the name of the temporary file unique.
///
/// Its input are pieces, each a line with its length and then that many bytes, and at last a line `0`. An input that ends without that line is an
/// upload that broke off; SSH closes the input the same way in both cases, so the end itself says nothing. `head` takes exactly as many bytes as
/// it shall, and `read` exactly a line.
enum UploadScript {
    /// The longest piece, in bytes.
    static let maximumPiece = 256 * 1024

    static let text = #"""
        target=$1
        fail() { echo "upload: cannot write '$target': $1" >&2; exit 1; }

        # A link is written through, as `>` does.
        if [ -L "$target" ]; then
            resolved=$(readlink -fnv -- "$target" && echo .) || exit 1
            target=${resolved%.}
        fi
        directory=${target%/*}/
        existing=
        if [ -d "$target" ]; then fail 'Is a directory'; fi
        if [ -e "$target" ]; then
            [ -f "$target" ] || fail 'Not a regular file'
            [ -w "$target" ] || fail 'Permission denied'
            existing=yes
            umask 077
        fi
        place=rename
        if [ "$existing" ] && { [ ! -O "$target" ] || [ ! -w "$directory" ]; }; then
            # A new file would be another owner's, or cannot be made here.
            place=overwrite
            [ -w "$directory" ] || directory=${TMPDIR:-/tmp}/
        fi

        temporary=$directory.goldcrest-upload-$2
        # A signal goes to the whole process group: this rm must not end by it.
        trap 'trap "" HUP INT TERM PIPE; rm -f -- "$temporary" 2>/dev/null' EXIT
        trap 'exit 1' HUP INT TERM PIPE
        exec 3>&2
        state=closed
        { {
            state=open
            while read -r length; do
                if [ "$length" = 0 ]; then state=complete; break; fi
                head -c "$length" 2>&3 || { state=failed; break; }
            done
        } > "$temporary"; } 2>/dev/null
        case $state in
            complete) ;;
            # The same once more, in words that do not depend on the shell.
            closed) touch -- "$temporary"; exit 1 ;;
            open) fail 'the upload ended early' ;;
            *) exit 1 ;;
        esac

        if [ "$existing" ] && [ "$place" = rename ]; then
            [ -G "$target" ] || chgrp --reference="$target" -- "$temporary" 2>/dev/null || place=overwrite
            # With its access control list; without, where that needs a permission to read.
            cp -T --attributes-only --preserve=mode -- "$target" "$temporary" 2>/dev/null || chmod --reference="$target" -- "$temporary" || exit 1
        fi
        if [ "$place" = overwrite ]; then
            cat -- "$temporary" > "$target"
        else
            mv -fT -- "$temporary" "$target" && trap - EXIT
        fi
        """#

    /// Removes what a script with the same arguments has left behind: one that was killed cannot do so itself.
    static let removal = #"""
        target=$1
        if [ -L "$target" ]; then
            resolved=$(readlink -fn -- "$target" && echo .) && target=${resolved%.}
        fi
        rm -f -- "${target%/*}/.goldcrest-upload-$2" "${TMPDIR:-/tmp}/.goldcrest-upload-$2"
        """#
}
